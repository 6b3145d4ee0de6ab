"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import {
  addCondition,
  addDebt,
  openReview,
  proposeChange,
  publishReview,
  writeReview,
} from "@/lib/incident-reviews/work";

export async function openAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openReview, actionContext, { message: ({ ref }) => `${ref} is open.` })(before, form);
}

export async function writeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(writeReview, actionContext, { message: "Kept." })(before, form);
}

export async function conditionAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(addCondition, actionContext, {
    message: ({ condition, review }) => `${condition} is a condition of ${review} now.`,
  })(before, form);
}

export async function changeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(proposeChange, actionContext, { message: "Proposed. Architects are told." })(before, form);
}

export async function debtAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(addDebt, actionContext, { message: ({ debt }) => `${debt} is on the backlog.` })(before, form);
}

export async function publishAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(publishReview, actionContext, { message: "Published." })(before, form);
}
