import "server-only";
import { portalSealer } from "@/lib/config/seal";
import { UpstreamFault } from "@/lib/connectors/fault";
import { httpClient } from "@/lib/connectors/http";
import type { ChatSystem } from "./chat";
import type { Outcome } from "./smtp";

const placeOf = (id: string) => `chat:${id}`;
export const sealUrl = (id: string, url: string): Buffer => portalSealer().seal(url, placeOf(id));
export const unsealUrl = (id: string, sealed: Buffer): string => portalSealer().unseal(sealed, placeOf(id));

const limits = { timeoutMs: 15_000, tries: 1, budgetMs: 20_000, maxBytes: 64 * 1024 };

/**
 * Says something in a channel, once. What the answer says is kept in words; the address, which is the credential, is in none of them:
 * the client is made for the origin, and the path is called by another name.
 */
export async function post(system: ChatSystem, url: string, body: object): Promise<Outcome> {
  const { origin, pathname, search } = new URL(url);
  const hidden = (text: string) =>
    [pathname + search, pathname].filter((p) => p.length > 1).reduce((t, p) => t.replaceAll(p, "/…"), text);
  try {
    const client = httpClient(system === "slack" ? "Slack" : "Teams", origin, {}, limits);
    try {
      const answer = await client.bytes({ method: "POST", path: pathname + search, body, what: "the message" });
      const words = answer.body.toString("utf8").replaceAll(/\s+/g, " ").trim().slice(0, 200);
      return { kind: "sent", answer: hidden(words || `Answered ${answer.status}.`) };
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof UpstreamFault)) throw error;
    return { kind: outcomeOf(error), answer: hidden(error.message).slice(0, 500) };
  }
}

/** Only what surely was not taken is tried again: a refusal for now, or no connection at all. */
function outcomeOf(fault: UpstreamFault): Outcome["kind"] {
  if (fault.kind === "rate_limited" || fault.kind === "unreachable" || fault.kind === "tls") return "later";
  // A gateway that gave up waiting does not know either.
  if (fault.status === 502 || fault.status === 504) return "uncertain";
  if (fault.status !== null && fault.status >= 500) return "later";
  return fault.kind === "timeout" || fault.kind === "truncated" ? "uncertain" : "refused";
}
