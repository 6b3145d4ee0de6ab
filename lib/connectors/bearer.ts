import { z } from "zod";
import type { Authorize } from "./http";

/** What an OAuth token endpoint answers (RFC 6749, section 5.1). `expires_in` in seconds. */
export const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().int().min(1).default(3600),
});

export type Token = { token: string; lifeMs: number };

/** A token is given up so long before it runs out. */
const marginMs = 60_000;

/** Signs requests with a token that is asked for when it is needed, and again before it runs out or when it is refused. */
export function bearer(ask: () => Promise<Token>, extra: Readonly<Record<string, string>> = {}): Authorize {
  let held: { token: string; until: number } | null = null;
  let asking: Promise<{ token: string; until: number }> | null = null;
  const renewed = async () => {
    const { token, lifeMs } = await ask();
    return { token, until: performance.now() + Math.max(lifeMs - marginMs, lifeMs / 2) };
  };
  return async (_request, renew) => {
    if (renew || held === null || performance.now() >= held.until) {
      asking ??= renewed().finally(() => {
        asking = null;
      });
      held = await asking;
    }
    return { ...extra, authorization: `Bearer ${held.token}` };
  };
}
