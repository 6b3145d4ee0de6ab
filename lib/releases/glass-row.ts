import type { BreakGlassInput } from "./gate-inputs";

/** A confirmed break-glass as SQL answers it, in JSON. */
export type GlassRow = {
  ref: string;
  digest: string;
  environment: string;
  requested_by: string;
  requester_name: string;
  confirmed_by: string;
  confirmer_name: string;
  kind: "passkey" | "software";
  confirmed_at: string;
  until: string;
  ended_at: string | null;
};

export const glassInput = (row: GlassRow): BreakGlassInput => ({
  ref: row.ref,
  digest: row.digest,
  environment: row.environment,
  requestedBy: row.requested_by,
  requesterName: row.requester_name,
  confirmedBy: row.confirmed_by,
  confirmerName: row.confirmer_name,
  keyKind: row.kind,
  confirmedAt: new Date(row.confirmed_at),
  until: new Date(row.until),
  endedAt: row.ended_at ? new Date(row.ended_at) : null,
});
