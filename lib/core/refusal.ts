/** Why the portal says no, and the HTTP status of each. One table for pages, REST, CLI and jobs. */
export const refusalStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported: 415,
  rate_limited: 429,
  upstream: 502,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof refusalStatus;

/** One fault of one input field. `field` is a dotted path, "" for the whole input. */
export type FieldFault = { field: string; message: string };

/** Something the caller can understand and mend. Any other throw is a fault of ours. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly faults: readonly FieldFault[];
  /** What a page's error boundary gets of a thrown error in production; a refusal is meant to be read, so it is all here. */
  readonly digest: string;

  constructor(code: RefusalCode, message: string, faults: readonly FieldFault[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = "Refusal";
    this.code = code;
    this.faults = faults;
    this.digest = refusalDigest(code, message);
  }
}

/** Asked too often. `seconds` is when to ask again, as Retry-After says it (RFC 9110, 10.2.3). */
export class RateLimited extends Refusal {
  readonly seconds: number;

  constructor(message: string, seconds: number) {
    super("rate_limited", message);
    this.seconds = seconds;
  }
}

const refusalDigest = (code: RefusalCode, message: string): string => `refused:${code}:${message}`;

/** The refusal that an error boundary's digest stands for; null for a fault of ours. */
export function refusalOf(digest: string | undefined): { code: string; message: string } | null {
  const found = /^refused:([a-z_]+):(.*)$/s.exec(digest ?? "");
  return found ? { code: found[1] ?? "", message: found[2] ?? "" } : null;
}

/** The answer of a rule: yes, or no with a code and a sentence that the screen shows as it is. */
export type Verdict = { ok: true } | { ok: false; code: RefusalCode; reason: string };

export const yes: Verdict = { ok: true };
export const no = (code: RefusalCode, reason: string): Verdict => ({ ok: false, code, reason });

/** Throws the refusal that a verdict stands for. */
export function insist(verdict: Verdict): void {
  if (!verdict.ok) throw new Refusal(verdict.code, verdict.reason);
}
