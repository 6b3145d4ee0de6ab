"use server";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { database } from "@/db/client";
import { cookieName, cookieOptions } from "@/lib/auth/cookie";
import { personasOffered } from "@/lib/auth/demo";
import { nextAuth, providerId } from "@/lib/auth/next-auth";
import { safeNext } from "@/lib/auth/next-path";
import { config } from "@/lib/config/config";
import { Refusal } from "@/lib/core/refusal";
import { signInPersona } from "@/lib/sessions/persona";

/** One-click sign-in of a demo persona. */
export async function signInAsPersona(form: FormData): Promise<void> {
  if (!personasOffered()) redirect("/sign-in");
  const person = form.get("person");
  const { secure, sessionHours } = config();
  try {
    const { cookie, expires } = await signInPersona(
      database().db,
      typeof person === "string" ? person : "",
      (await headers()).get("user-agent") ?? "",
      sessionHours,
      () => new Date(),
    );
    (await cookies()).set(cookieName(secure), cookie, { ...cookieOptions(secure), expires });
  } catch (error) {
    if (error instanceof Refusal) redirect("/sign-in?refused=persona");
    throw error;
  }
  redirect(safeNext(form.get("next")) as never);
}

/** Sends the browser to the identity provider. */
export async function signInWithProvider(form: FormData): Promise<void> {
  const auth = nextAuth();
  if (!auth) redirect("/sign-in");
  await auth.signIn(providerId, { redirectTo: safeNext(form.get("next")) });
}
