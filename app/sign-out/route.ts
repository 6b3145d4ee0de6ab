import { database } from "@/db/client";
import { currentSession } from "@/lib/auth/context";
import { cookieName, cookieOptions } from "@/lib/auth/cookie";
import { config } from "@/lib/config/config";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { problemResponse } from "@/lib/http/problem";
import { endSession } from "@/lib/sessions/end";

/** Ends the session of this browser and leads to the sign-in page. A form of ours posts here; it works without scripts. */
export async function POST(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    if (request.headers.get("sec-fetch-site") !== "same-origin")
      throw new Refusal("forbidden", "Sign out from a page of the portal.");
    const session = await currentSession();
    if (session) {
      await endSession(
        { db: database().db, actor: session.actor, now: () => new Date(), requestId },
        { session: session.sessionId },
      );
    }
    const headers = new Headers({ location: "/sign-in" });
    const { sameSite, path } = cookieOptions(false);
    for (const secure of [true, false]) {
      if (secure && !config().secure) continue;
      headers.append(
        "set-cookie",
        `${cookieName(secure)}=; Path=${path}; Max-Age=0; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`,
      );
    }
    return new Response(null, { status: 303, headers });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
