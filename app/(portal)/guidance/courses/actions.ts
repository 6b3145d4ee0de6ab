"use server";
import { actionContext } from "@/lib/auth/context";
import { completeCourse } from "@/lib/courses/complete";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function completeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(completeCourse, actionContext, { message: "All right. Your completion is in the log." })(
    before,
    form,
  );
}
