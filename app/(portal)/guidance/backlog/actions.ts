"use server";
import { actionContext } from "@/lib/auth/context";
import { editItem, moveItem, openItem } from "@/lib/backlog/work";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function openAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openItem, actionContext, {
    message: "On the backlog.",
    goTo: ({ ref }) => `/guidance/backlog/${ref}`,
  })(before, form);
}

export async function editAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editItem, actionContext, { message: "Changed." })(before, form);
}

export async function moveAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(moveItem, actionContext, { message: "Moved." })(before, form);
}
