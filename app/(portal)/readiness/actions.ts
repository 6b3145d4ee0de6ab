"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { concludeReview } from "@/lib/readiness/warn";

export async function concludeItemReview(before: FormState, form: FormData): Promise<FormState> {
  return formAction(concludeReview, actionContext, { message: "Concluded." })(before, form);
}
