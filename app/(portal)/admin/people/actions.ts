"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { deactivate, reactivate } from "@/lib/people/deactivate";
import { grantRole } from "@/lib/people/grant";
import { invite } from "@/lib/people/invite";
import { revokeGrant } from "@/lib/people/revoke-grant";
import { endAllSessions, endSession } from "@/lib/sessions/end";
import { revokeToken } from "@/lib/tokens/revoke";

const send = formAction(invite, actionContext, {
  message: "Invited.",
  goTo: ({ id }) => `/admin/people/${id}`,
});
const give = formAction(grantRole, actionContext, { message: "The role is granted." });
const take = formAction(revokeGrant, actionContext, { message: "The role is taken back." });
const close = formAction(deactivate, actionContext, { message: "The account is closed." });
const open = formAction(reactivate, actionContext, { message: "The account is open again." });
const end = formAction(endSession, actionContext, { message: "The session has ended." });
const endAll = formAction(endAllSessions, actionContext, { message: "Signed out everywhere." });
const revoke = formAction(revokeToken, actionContext, { message: "The token is revoked." });

export async function invitePerson(before: FormState, form: FormData): Promise<FormState> {
  return send(before, form);
}

export async function giveRole(before: FormState, form: FormData): Promise<FormState> {
  return give(before, form);
}

export async function takeRole(before: FormState, form: FormData): Promise<FormState> {
  return take(before, form);
}

export async function closeAccount(before: FormState, form: FormData): Promise<FormState> {
  return close(before, form);
}

export async function openAccount(before: FormState, form: FormData): Promise<FormState> {
  return open(before, form);
}

export async function endOne(before: FormState, form: FormData): Promise<FormState> {
  return end(before, form);
}

export async function signOutEverywhere(before: FormState, form: FormData): Promise<FormState> {
  return endAll(before, form);
}

export async function dropToken(before: FormState, form: FormData): Promise<FormState> {
  return revoke(before, form);
}
