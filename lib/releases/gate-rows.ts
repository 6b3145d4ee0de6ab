import type { BreakGlassInput, FreezeInput } from "./gate-inputs";

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

/** A freeze as SQL answers it (lib/freezes/read.ts), in JSON. */
export type FreezeRow = {
  ref: string;
  starts_at: string;
  ends_at: string;
  time_zone: string;
  reason: string;
  unit: string | null;
  exempt_reason: string | null;
  exempt_by: string | null;
};

export const freezeInput = (row: FreezeRow): FreezeInput => ({
  ref: row.ref,
  startsAt: new Date(row.starts_at),
  endsAt: new Date(row.ends_at),
  timeZone: row.time_zone,
  reason: row.reason,
  unit: row.unit,
  exempted: row.exempt_by && row.exempt_reason ? { by: row.exempt_by, reason: row.exempt_reason } : null,
});
