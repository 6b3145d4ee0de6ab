"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { assignModels } from "@/lib/reconciliation/assign";
import { joinModels } from "@/lib/reconciliation/join";
import { ignoreItems, keepApart, retireModels } from "@/lib/reconciliation/settle";
import { sweep } from "@/lib/reconciliation/sweep";
import { undoAction } from "@/lib/reconciliation/undo";

export async function assignAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(assignModels, actionContext, { message: "Assigned." })(before, form);
}

export async function joinAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(joinModels, actionContext, { message: "Joined." })(before, form);
}

export async function apartAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(keepApart, actionContext, { message: "Kept apart." })(before, form);
}

export async function retireAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(retireModels, actionContext, { message: "Marked as retired." })(before, form);
}

export async function ignoreAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(ignoreItems, actionContext, { message: "Ignored until then." })(before, form);
}

export async function sweepAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(sweep, actionContext, {
    message: ({ found, settled }) =>
      found + settled === 0 ? "Nothing new." : `${found} found, ${settled} no longer so.`,
  })(before, form);
}

export async function undoAct(before: FormState, form: FormData): Promise<FormState> {
  return formAction(undoAction, actionContext, {
    message: ({ reopened, kept }) =>
      `Taken back: ${reopened} open again${kept.length > 0 ? `; ${kept.length} changed since and stay` : ""}.`,
  })(before, form);
}
