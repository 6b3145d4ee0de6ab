"use server";
import { actionContext } from "@/lib/auth/context";
import { retryJob } from "@/lib/health/retry-job";
import { formAction } from "@/lib/http/form-action";

export const retry = formAction(retryJob, actionContext, { message: "The job runs again." });
