import "server-only";
import type { Db } from "@/db/client";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { sessionCookie } from "./cookie";
import { hashSecret } from "./hash";
import { bySession, byToken } from "./identify";

/** The context of a request over a database: bearer token, or the browser's session with a same-origin check on writes. */
export async function contextOf(db: Db, request: Request, requestId: string, clock: () => Date): Promise<Ctx> {
  const idempotencyKey = idempotencyKeyOf(request);
  const ctx = { db, now: clock, requestId, ...(idempotencyKey ? { idempotencyKey } : {}) };
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = bearer(authorization);
    if (!token) throw new Refusal("unauthenticated", "Send the API token as `Authorization: Bearer cs_…`.");
    return { ...ctx, actor: await byToken(db, token, clock()) };
  }
  const cookie = cookieOf(request);
  if (!cookie) throw new Refusal("unauthenticated", "Send an API token as `Authorization: Bearer cs_…`, or sign in.");
  // Browsers send the cookie with any page's request; only our own pages may write with it.
  if (request.method !== "GET" && request.method !== "HEAD" && request.headers.get("sec-fetch-site") !== "same-origin")
    throw new Refusal(
      "forbidden",
      "A write with a browser session must come from the portal's own pages. Use an API token elsewhere.",
    );
  const session = await bySession(db, cookie, clock());
  if (!session) throw new Refusal("unauthenticated", "Your session has ended. Sign in again.");
  return { ...ctx, actor: session.actor };
}

const bearer = (authorization: string): string | null =>
  /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1] ?? null;

const cookieOf = (request: Request): string | null => sessionCookie(parseCookies(request.headers.get("cookie") ?? ""));

/** What a request presents to say who asks, hashed, and not looked at further; null if that is nothing that could be known here. */
export function presented(request: Request): string | null {
  const authorization = request.headers.get("authorization");
  const secret = authorization === null ? cookieOf(request) : bearer(authorization);
  return secret === null ? null : hashSecret(secret).toString("base64");
}

function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null || request.method === "GET") return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Refusal("invalid", "Idempotency-Key must be 1 to 200 visible ASCII characters without spaces.", [
      { field: "Idempotency-Key", message: "Use 1 to 200 visible ASCII characters." },
    ]);
  return key;
}

function parseCookies(header: string): { get: (name: string) => { value: string } | undefined } {
  const jar = new Map<string, string>();
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0) jar.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return {
    get: (name) => {
      const value = jar.get(name);
      return value === undefined ? undefined : { value };
    },
  };
}
