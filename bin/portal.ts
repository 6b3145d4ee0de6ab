import { z } from "zod";

/** Asks a portal; that it cannot be reached is said in words. */
export const ask = (url: URL, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new Error(`${url.origin} does not answer. Is the portal running, and is the address right?`, { cause });
  });

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
