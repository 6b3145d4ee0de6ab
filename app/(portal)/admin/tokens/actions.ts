"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { createToken } from "@/lib/tokens/create";
import { revokeToken } from "@/lib/tokens/revoke";

const create = formAction(createToken, actionContext, {
  message: ({ token }) => `Copy it now; it is not shown again: ${token}`,
});
const revoke = formAction(revokeToken, actionContext, { message: "The token is revoked." });

export async function makeServiceToken(before: FormState, form: FormData): Promise<FormState> {
  return create(before, form);
}

export async function dropToken(before: FormState, form: FormData): Promise<FormState> {
  return revoke(before, form);
}
