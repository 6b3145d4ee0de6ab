import "server-only";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";

/** The context of an API request: bearer token, or the browser's session with a same-origin check on writes. */
export async function apiContext(_request: Request, _requestId: string): Promise<Ctx> {
  throw new Refusal("unauthenticated", "Send an API token as Authorization: Bearer, or sign in.");
}

/** The context of a page: the signed-in person, or a redirect to /sign-in. */
export async function pageContext(): Promise<Ctx> {
  throw new Refusal("unauthenticated", "Sign in first.");
}

/** The context of a server action: like a page's, but an expired session is refused beside the form, so that nothing typed is lost. */
export async function actionContext(): Promise<Ctx> {
  throw new Refusal(
    "unauthenticated",
    "Your session has ended. Sign in again in another tab, then send this form once more.",
  );
}
