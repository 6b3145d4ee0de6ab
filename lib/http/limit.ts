import "server-only";
import { presented } from "@/lib/auth/request";
import { config } from "@/lib/config/config";
import { RateLimited } from "@/lib/core/refusal";
import { tokenBuckets } from "./token-buckets";

// One set of buckets per process: the server loads this module in several bundles, which share only the global object.
const store = globalThis as { countersignGateShares?: ReturnType<typeof tokenBuckets> };

/**
 * Takes one question to the gate from the share of the token that a request presents, and refuses when that is used up (decision
 * 0360). Asked before the token is looked up, so that a flood costs a hash and no query. A request without a credential is refused
 * elsewhere, as cheaply.
 */
export function takeGateShare(request: Request): void {
  const key = presented(request);
  if (key === null) return;
  const share = config().gateChecks;
  store.countersignGateShares ??= tokenBuckets(share);
  const seconds = Math.ceil(store.countersignGateShares.take(key) / 1000);
  if (seconds > 0)
    throw new RateLimited(
      `This token asked the gate more than ${share.perSecond} times a second, and ${share.burst} at once. No answer is no permission: treat it as a deny, and ask again in ${seconds} second${seconds === 1 ? "" : "s"}. countersign gate wait does; pipelines that must not wait for each other use a token each.`,
      seconds,
    );
}
