"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { answerGap, reportGap, reportUseCaseGap } from "@/lib/patterns/gaps";

export async function report(before: FormState, form: FormData): Promise<FormState> {
  return formAction(reportGap, actionContext, { message: "It is in the architects’ backlog." })(before, form);
}

export async function reportForUseCase(before: FormState, form: FormData): Promise<FormState> {
  return formAction(reportUseCaseGap, actionContext, { message: "It is in the architects’ backlog." })(before, form);
}

export async function answer(before: FormState, form: FormData): Promise<FormState> {
  return formAction(answerGap, actionContext, { message: "Answered." })(before, form);
}
