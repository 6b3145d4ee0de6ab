"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { adoptForUseCase, adoptPattern } from "@/lib/patterns/adopt";

export async function adopt(before: FormState, form: FormData): Promise<FormState> {
  const back = `/models/${encodeURIComponent(String(form.get("name")))}/pattern`;
  return formAction(adoptPattern, actionContext, { message: "Chosen.", goTo: () => back })(before, form);
}

export async function adoptWithUseCase(before: FormState, form: FormData): Promise<FormState> {
  const back = `/portfolio/use-cases/${encodeURIComponent(String(form.get("useCase")))}/pattern`;
  return formAction(adoptForUseCase, actionContext, { message: "Chosen.", goTo: () => back })(before, form);
}
