"use server";
import { actionContext } from "@/lib/auth/context";
import { endDelegation, nameDelegate } from "@/lib/board/name-delegate";
import { type FormState, formAction } from "@/lib/http/form-action";
import { sayExpertise } from "@/lib/reviews/assign";

export async function nameDelegateAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(nameDelegate, actionContext, {
    message: ({ delegate, member }) => `${delegate} stands in for ${member}.`,
  })(before, form);
}

export async function endDelegationAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(endDelegation, actionContext, { message: "Taken back." })(before, form);
}

export async function sayKnowledgeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(sayExpertise, actionContext, { message: "Saved." })(before, form);
}
