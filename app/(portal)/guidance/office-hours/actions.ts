"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { advise, beginHours, book, cancelBooking, endHours } from "@/lib/office-hours/work";

export async function offerAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(beginHours, actionContext, { message: "Offered." })(before, form);
}

export async function endAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(endHours, actionContext, { message: "Ended." })(before, form);
}

/** The choice of a slot holds its day and its place on it: "2026-12-01 0". */
export async function bookAction(before: FormState, form: FormData): Promise<FormState> {
  const [on = "", slot = ""] = String(form.get("when") ?? "").split(" ");
  form.delete("when");
  form.set("on", on);
  form.set("slot:number", slot);
  return formAction(book, actionContext, { message: "Booked." })(before, form);
}

export async function cancelAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(cancelBooking, actionContext, { message: "Cancelled." })(before, form);
}

export async function adviseAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(advise, actionContext, {
    message: ({ review }) => (review ? `Kept, and in the advice log of ${review}.` : "Kept."),
  })(before, form);
}
