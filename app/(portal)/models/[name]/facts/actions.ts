"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { mapSubject } from "@/lib/sources/map";
import { unmapSubject } from "@/lib/sources/unmap";

export async function mapAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(mapSubject, actionContext, { message: "Mapped; it is read again in a moment." })(before, form);
}

export async function unmapAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(unmapSubject, actionContext, { message: "The mapping has ended." })(before, form);
}
