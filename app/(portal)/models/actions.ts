"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { askOwners } from "@/lib/models/ask-owners";
import { claimModel } from "@/lib/models/claim";
import { registerModel } from "@/lib/models/register";

const hrefOf = (result: unknown): string =>
  typeof result === "object" && result !== null && "name" in result && typeof result.name === "string"
    ? `/models/${encodeURIComponent(result.name)}`
    : "/models";

export async function askOwnersAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(askOwners, actionContext, { message: "The owners are asked; each model's history says so." })(
    before,
    form,
  );
}

export async function registerAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(registerModel, actionContext, { message: "Registered.", goTo: hrefOf })(before, form);
}

export async function claimAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(claimModel, actionContext, { message: "Claimed.", goTo: hrefOf })(before, form);
}
