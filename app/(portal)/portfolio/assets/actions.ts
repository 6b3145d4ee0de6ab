"use server";
import { editAsset } from "@/lib/assets/edit";
import { linkAsset, unlinkAsset } from "@/lib/assets/link";
import { registerAsset } from "@/lib/assets/register";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";

const hrefOf = (result: { id: string }): string => `/portfolio/assets/${result.id}`;

export async function registerAssetAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(registerAsset, actionContext, { message: "Registered.", goTo: hrefOf })(before, form);
}

export async function editAssetAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editAsset, actionContext, { message: "Saved.", goTo: hrefOf })(before, form);
}

export async function linkAssetAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(linkAsset, actionContext, { message: "Said." })(before, form);
}

export async function unlinkAssetAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(unlinkAsset, actionContext, { message: "Taken back." })(before, form);
}
