"use server";
import { actionContext } from "@/lib/auth/context";
import { prepareEnrolment } from "@/lib/credentials/prepare-enrolment";
import { revokeKey } from "@/lib/credentials/revoke";
import { formAction } from "@/lib/http/form-action";

export const enrol = formAction<{ url: string }>(prepareEnrolment, actionContext, {
  message: "Opening the signing page.",
  goTo: ({ url }) => url,
});
export const revoke = formAction(revokeKey, actionContext, { message: "The key is revoked." });
