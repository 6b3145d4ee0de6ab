import "server-only";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";

/** The context of an API request: bearer token, or the browser's session with a same-origin check on writes. */
export async function apiContext(_request: Request, _requestId: string): Promise<Ctx> {
  throw new Refusal("unauthenticated", "Send an API token as Authorization: Bearer, or sign in.");
}
