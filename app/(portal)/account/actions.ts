"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { sayExpertise } from "@/lib/reviews/assign";
import { endAllSessions, endSession } from "@/lib/sessions/end";
import { createToken } from "@/lib/tokens/create";
import { revokeToken } from "@/lib/tokens/revoke";

const end = formAction(endSession, actionContext, { message: "The session has ended." });
const endAll = formAction(endAllSessions, actionContext, { message: "Every other browser is signed out." });
const create = formAction(createToken, actionContext, {
  message: ({ token }) => `Copy it now; it is not shown again: ${token}`,
});
const revoke = formAction(revokeToken, actionContext, { message: "The token is revoked." });

const say = formAction(sayExpertise, actionContext, { message: "Saved." });

export async function sayKnown(before: FormState, form: FormData): Promise<FormState> {
  return say(before, form);
}

export async function endOne(before: FormState, form: FormData): Promise<FormState> {
  return end(before, form);
}

export async function endOthers(before: FormState, form: FormData): Promise<FormState> {
  return endAll(before, form);
}

export async function makeToken(before: FormState, form: FormData): Promise<FormState> {
  return create(before, form);
}

export async function dropToken(before: FormState, form: FormData): Promise<FormState> {
  return revoke(before, form);
}
