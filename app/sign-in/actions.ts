"use server";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { database } from "@/db/client";
import { cookieName } from "@/lib/auth/cookie";
import { personasOffered } from "@/lib/auth/demo";
import { safeNext } from "@/lib/auth/next-path";
import { config } from "@/lib/config/config";
import { signInPersona } from "@/lib/sessions/persona";

/** One-click sign-in of a demo persona. */
export async function signInAsPersona(form: FormData): Promise<void> {
  if (!personasOffered()) redirect("/sign-in");
  const person = form.get("person");
  const head = await headers();
  const { secure, sessionHours } = config();
  const { cookie, expires } = await signInPersona(
    database().db,
    typeof person === "string" ? person : "",
    head.get("user-agent") ?? "",
    sessionHours,
    () => new Date(),
  );
  (await cookies()).set(cookieName(secure), cookie, { httpOnly: true, sameSite: "lax", path: "/", secure, expires });
  redirect(safeNext(form.get("next")) as never);
}
