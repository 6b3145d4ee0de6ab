"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { applyImport } from "@/lib/imports/apply";

export async function applyAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(applyImport, actionContext, {
    message: "Imported.",
    goTo: (result) => `/models/import/${result.id}`,
  })(before, form);
}
