"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { setPreferences } from "@/lib/notifications/preferences";

const keep = formAction(setPreferences, actionContext, { message: "Kept. It counts from the next notification on." });

export async function keepPreferences(before: FormState, form: FormData): Promise<FormState> {
  return keep(before, form);
}
