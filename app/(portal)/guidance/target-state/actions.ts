"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { addMilestone, linkItems, moveMilestone, setMilestone } from "@/lib/roadmap/work";

export async function addAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(addMilestone, actionContext, { message: ({ ref }) => `${ref} is on the roadmap.` })(before, form);
}

export async function moveAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(moveMilestone, actionContext, { message: "Moved. The page shows that it was." })(before, form);
}

export async function stateAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(setMilestone, actionContext, { message: "Kept." })(before, form);
}

export async function linkAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(linkItems, actionContext, { message: "Linked." })(before, form);
}
