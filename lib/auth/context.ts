import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { database } from "@/db/client";
import { parseAsOf } from "@/lib/core/as-of";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { sessionCookie } from "./cookie";
import { bySession, type SignedIn } from "./identify";
import { contextOf } from "./request";

const clock = (): Date => new Date();

/** The browser's session, read once per request; null if there is none. Layouts use it to show who is signed in. */
export const currentSession = cache(async (): Promise<SignedIn | null> => {
  const cookie = sessionCookie(await cookies());
  return cookie ? bySession(database().db, cookie, clock()) : null;
});

/** The context of an API request: bearer token, or the browser's session with a same-origin check on writes. */
export const apiContext = (request: Request, requestId: string): Promise<Ctx> =>
  contextOf(database().db, request, requestId, clock);

/**
 * The context of a page: the signed-in person, or a redirect to /sign-in and back. With the page's address, `?asof=` makes all its
 * queries answer as of the past.
 */
export async function pageContext(params?: Readonly<Record<string, string | string[] | undefined>>): Promise<Ctx> {
  const session = await currentSession();
  if (!session) {
    const path = (await headers()).get("x-countersign-path");
    redirect(path && path !== "/" ? `/sign-in?next=${encodeURIComponent(path)}` : "/sign-in");
  }
  const asOf = parseAsOf(params?.asof, clock()) ?? undefined;
  return { db: database().db, actor: session.actor, now: asOf ? () => asOf : clock, requestId: newId(), asOf };
}

/** The context of a server action: like a page's, but an expired session is refused beside the form, so that nothing typed is lost. */
export async function actionContext(): Promise<Ctx> {
  const session = await currentSession();
  if (!session)
    throw new Refusal(
      "unauthenticated",
      "Your session has ended. Sign in again in another tab, then send this form once more.",
    );
  return { db: database().db, actor: session.actor, now: clock, requestId: newId() };
}
