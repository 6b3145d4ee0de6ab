"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { adoptMethod } from "@/lib/risk/adopt";

export async function adoptAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(adoptMethod, actionContext, {
    message: ({ version, moved }) =>
      `Version ${version} is in force; ${moved} ${moved === 1 ? "model changes" : "models change"} tier.`,
  })(before, form);
}
