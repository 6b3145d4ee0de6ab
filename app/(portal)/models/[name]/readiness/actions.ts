"use server";
import { actionContext } from "@/lib/auth/context";
import { openSigning, signWithDemoKey } from "@/lib/credentials/sign-actions";
import { type FormState, formAction } from "@/lib/http/form-action";
import { attest, confirmNotApplicable, revokeAttestation } from "@/lib/readiness/attest";
import { type Needs, needsInWords } from "@/lib/readiness/risk-acceptance";
import { prepareAttestation, signAttestation } from "@/lib/readiness/sign-attestation";
import { checkReadiness } from "@/lib/readiness/take";
import { decideWaiver, endWaiver, requestWaiver } from "@/lib/readiness/waive";
import type { SigningState } from "@/lib/signing/signing-state";

export async function attestItem(before: FormState, form: FormData): Promise<FormState> {
  return formAction(attest, actionContext, { message: "Attested." })(before, form);
}

export async function revokeItem(before: FormState, form: FormData): Promise<FormState> {
  return formAction(revokeAttestation, actionContext, { message: "Revoked." })(before, form);
}

export async function confirmItem(before: FormState, form: FormData): Promise<FormState> {
  return formAction(confirmNotApplicable, actionContext, { message: "Confirmed." })(before, form);
}

export async function askWaiver(before: FormState, form: FormData): Promise<FormState> {
  const message = ({ needs }: { needs: Needs }) => `Asked. Now ${needsInWords(needs)} decides.`;
  return formAction(requestWaiver, actionContext, { message })(before, form);
}

export async function endThisWaiver(before: FormState, form: FormData): Promise<FormState> {
  return formAction(endWaiver, actionContext, { message: "Ended." })(before, form);
}

export async function decideOnWaiver(before: FormState, form: FormData): Promise<FormState> {
  return formAction(decideWaiver, actionContext, { message: "Decided." })(before, form);
}

export async function checkNow(before: FormState, form: FormData): Promise<FormState> {
  return formAction(checkReadiness, actionContext, { message: "Checked just now." })(before, form);
}

export async function openAttestation(_before: SigningState, form: FormData): Promise<SigningState> {
  return openSigning(actionContext, form, prepareAttestation);
}

export async function signAttestationDemo(_before: SigningState, form: FormData): Promise<SigningState> {
  return signWithDemoKey(actionContext, form, "attest", signAttestation);
}
