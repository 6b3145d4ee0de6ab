"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { editUseCase } from "@/lib/use-cases/edit";
import { linkModel, unlinkModel } from "@/lib/use-cases/link";
import { registerUseCase } from "@/lib/use-cases/register";

const hrefOf = (result: { ref: string }): string => `/portfolio/use-cases/${result.ref}`;

export async function registerUseCaseAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(registerUseCase, actionContext, { message: "Registered.", goTo: hrefOf })(before, withValue(form));
}

export async function editUseCaseAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editUseCase, actionContext, { message: "Saved.", goTo: hrefOf })(
    before,
    withValue(form, "value:null"),
  );
}

export async function linkModelAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(linkModel, actionContext, { message: "The model serves this use case." })(before, form);
}

export async function unlinkModelAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(unlinkModel, actionContext, { message: "The model is off this use case." })(before, form);
}

/** Without an amount there is no value, and currency and kind say nothing; `absent` names the field that takes it away. */
function withValue(form: FormData, absent?: string): FormData {
  if (form.get("value.amount") || form.get("value.kind")) return form;
  const out = new FormData();
  for (const [key, value] of form.entries()) if (!key.startsWith("value.")) out.append(key, value);
  if (absent) out.append(absent, "");
  return out;
}
