import { z } from "zod";

/** A portal gave no answer to what was asked. `passing` if it may give one later, after `retryAfterMs` if it said so. */
export class NoAnswer extends Error {
  /** Of the response, if there was one. */
  readonly status: number | null;
  readonly passing: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    more: { status?: number; passing: boolean; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, { cause: more.cause });
    this.status = more.status ?? null;
    this.passing = more.passing;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}

/** Asks a portal; that it cannot be reached is said in words. */
export const ask = (url: URL, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new NoAnswer(`${url.origin} does not answer. Is the portal running, and is the address right?`, {
      passing: true,
      cause,
    });
  });

/** What a response that is no answer means: too many requests and faults of a server pass, a refusal does not. */
export const noAnswer = (url: string, response: Response, body: unknown): NoAnswer =>
  new NoAnswer(`${url} gave no answer: ${problem(response.status, body)}`, {
    status: response.status,
    passing: response.status === 429 || response.status >= 500,
    retryAfterMs: retryAfter(response.headers.get("retry-after")),
  });

/** Retry-After in seconds; its other form, a date, is left to the caller's own pause. */
const retryAfter = (header: string | null): number | null =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;

export function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const detail = z.looseObject({ detail: z.string() });

/** Why a portal refused, from its problem details. */
export function problem(status: number, body: unknown): string {
  const parsed = detail.safeParse(body);
  return parsed.success ? `${parsed.data.detail} (${status})` : `HTTP ${status}`;
}
