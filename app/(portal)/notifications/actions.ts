"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { markRead } from "@/lib/notifications/mark";

const said = ({ read }: { read: number }) =>
  read === 0 ? "Nothing was unread." : `${read} ${read === 1 ? "is" : "are"} marked as read.`;
const mark = formAction(markRead, actionContext, { message: said });

export async function readAll(before: FormState, form: FormData): Promise<FormState> {
  return mark(before, form);
}
