"use server";
import { actionContext } from "@/lib/auth/context";
import { confirmGlass, prepareConfirmation } from "@/lib/break-glass/confirm";
import { endGlass } from "@/lib/break-glass/end";
import { requestGlass } from "@/lib/break-glass/request";
import { reviewGlass } from "@/lib/break-glass/review";
import { openSigning, signWithDemoKey } from "@/lib/credentials/sign-actions";
import { declareFreeze, exemptRelease, liftFreeze } from "@/lib/freezes/keep";
import { formAction } from "@/lib/http/form-action";
import { completeApproval } from "@/lib/releases/complete-approval";
import { prepareApproval } from "@/lib/releases/prepare-approval";
import { refreshRelease } from "@/lib/releases/refresh";
import { requestRelease } from "@/lib/releases/request";
import { revokeApproval } from "@/lib/releases/revoke-approval";
import { withdrawRelease } from "@/lib/releases/withdraw";
import type { SigningState } from "@/lib/signing/signing-state";

export const request = formAction<{ ref: string }>(requestRelease, actionContext, {
  message: "Requested.",
  goTo: ({ ref }) => `/releases/${ref}`,
});
export const withdraw = formAction(withdrawRelease, actionContext, { message: "The request is withdrawn." });
export const refresh = formAction(refreshRelease, actionContext, {
  message: "The request is up to date. Signatures over its earlier form are stale.",
});
export const revoke = formAction(revokeApproval, actionContext, { message: "Your signature is taken back." });

export const openLink = async (_before: SigningState, form: FormData): Promise<SigningState> =>
  openSigning(actionContext, form, prepareApproval);
export const signDemo = async (_before: SigningState, form: FormData): Promise<SigningState> =>
  signWithDemoKey(actionContext, form, "approve", completeApproval);

export const breakTheGlass = formAction<{ ref: string }>(requestGlass, actionContext, {
  message: "Asked for. A second person must confirm it within the hour.",
  goTo: ({ ref }) => `/releases/break-glass/${ref}`,
});
export const endTheGlass = formAction(endGlass, actionContext, {
  message: "Ended. The gate answers by the policy again.",
});
export const reviewTheGlass = formAction(reviewGlass, actionContext, { message: "Your findings are on record." });
export const openConfirmation = async (_before: SigningState, form: FormData): Promise<SigningState> =>
  openSigning(actionContext, form, prepareConfirmation);
export const confirmDemo = async (_before: SigningState, form: FormData): Promise<SigningState> =>
  signWithDemoKey(actionContext, form, "break_glass", confirmGlass);

export const declareTheFreeze = formAction(declareFreeze, actionContext, {
  message: "Declared. Everyone whose releases it stops is being told.",
});
export const liftTheFreeze = formAction(liftFreeze, actionContext, { message: "Lifted." });
export const exemptTheRelease = formAction(exemptRelease, actionContext, {
  message: "Exempted. The gate names you and your reason.",
});
