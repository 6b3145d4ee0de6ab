"use server";
import { actionContext } from "@/lib/auth/context";
import { concludeEvaluation } from "@/lib/evaluations/conclude";
import { addOption, editOption, openEvaluation, removeOption, score, weigh } from "@/lib/evaluations/prepare";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function openAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openEvaluation, actionContext, {
    message: "Opened.",
    goTo: ({ ref }) => `/guidance/evaluations/${ref}`,
  })(before, form);
}

export async function optionAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(addOption, actionContext, { message: "Added." })(before, form);
}

export async function weighAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(weigh, actionContext, { message: "Weighed." })(before, form);
}

export async function scoreAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(score, actionContext, { message: "Kept." })(before, form);
}

export async function concludeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(concludeEvaluation, actionContext, { message: "Concluded." })(before, form);
}

export async function editOptionAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editOption, actionContext, { message: "Changed." })(before, form);
}

export async function removeOptionAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(removeOption, actionContext, { message: "Taken out, with its scores." })(before, form);
}
