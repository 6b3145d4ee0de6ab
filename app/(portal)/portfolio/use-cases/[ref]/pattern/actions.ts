"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { decideUseCaseDeviation, endUseCaseDeviation, recordUseCaseDeviation } from "@/lib/patterns/deviate";

export async function record(before: FormState, form: FormData): Promise<FormState> {
  return formAction(recordUseCaseDeviation, actionContext, {
    message: ({ adr }) => (adr ? `Recorded under ${adr}.` : "Recorded. It is open until a decision allows it."),
  })(before, form);
}

export async function decide(before: FormState, form: FormData): Promise<FormState> {
  return formAction(decideUseCaseDeviation, actionContext, { message: ({ adr }) => `${adr} is named.` })(before, form);
}

export async function end(before: FormState, form: FormData): Promise<FormState> {
  return formAction(endUseCaseDeviation, actionContext, { message: "Ended." })(before, form);
}
