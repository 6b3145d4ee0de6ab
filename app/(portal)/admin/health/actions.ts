"use server";
import { actionContext } from "@/lib/auth/context";
import { retryJob } from "@/lib/health/retry-job";
import { type FormState, formAction } from "@/lib/http/form-action";
import { resendDelivery } from "@/lib/notifications/resend";

export const retry = formAction(retryJob, actionContext, { message: "The job runs again." });

const again = formAction(resendDelivery, actionContext, { message: "It goes out again within a minute." });

export async function sendAgain(before: FormState, form: FormData): Promise<FormState> {
  return again(before, form);
}
