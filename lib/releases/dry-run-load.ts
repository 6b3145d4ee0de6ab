import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { personasOffered } from "@/lib/auth/demo";
import type { Actor } from "@/lib/core/actor";
import type { Role } from "@/lib/core/rights";
import { freezesAt } from "@/lib/freezes/read";
import type { Answered } from "./dry-run";
import { type FreezeRow, freezeInput, type GlassRow, glassInput } from "./gate-rows";
import { personOf } from "./load";
import type { ApprovalDecision, GateReason, ReleaseStatus } from "./release";
import { seenReleases } from "./visible";

export type RunOn = { ref: string; model: string; version: string; environment: string; status: ReleaseStatus };
/** A closed release; `answered` null where the gate was never asked, or where the request changed after its last answer. */
export type ClosedRelease = RunOn & { policyDigest: string; answered: Answered | null; lacks: string | null };

type Row = RunOn & {
  digest: string;
  policy_digest: string;
  decision_digest: string | null;
  adr_digest: string | null;
  pattern_digest: string | null;
  request: string;
  requested_by: string;
  trained_by: string | null;
  model_id: string;
  version_id: string;
  decision: "allow" | "deny" | null;
  reasons: GateReason[] | null;
  asked_at: string | null;
  tier: number | null;
  moved: boolean;
  approvals:
    | {
        person_id: string;
        person_name: string;
        role: Role;
        decision: ApprovalDecision;
        reason: string;
        digest: string;
        request: string;
        kind: "passkey" | "software";
        signed_at: string;
        expires_at: string;
        revoked_at: string | null;
      }[]
    | null;
  freezes: FreezeRow[] | null;
  glass: GlassRow | null;
};

/** Open releases to these environments, newest request first, and whether there are more. */
export async function openReleasesTo(
  read: Reader,
  environments: readonly string[],
  actor: Actor,
  limit: number,
): Promise<{ releases: RunOn[]; more: boolean }> {
  const { rows } = await read.execute<RunOn>(sql`
    select release.ref, model.name as model, v.version, release.environment, release.status
    from release join model on model.id = release.model_id join model_version v on v.id = release.version_id
    where release.status in ('open', 'allowed') and release.environment = any(${sql.param(environments)}::text[]) and ${seenReleases(actor)}
    order by release.requested_at desc, release.id desc limit ${limit + 1}`);
  return { releases: rows.slice(0, limit), more: rows.length > limit };
}

/** The latest closed releases to these environments with their last answer and what is on record of that instant; one statement. */
export async function closedReleasesTo(
  read: Reader,
  environments: readonly string[],
  actor: Actor,
  limit: number,
): Promise<ClosedRelease[]> {
  const { rows } = await read.execute<Row>(sql`
    select r.ref, r.model, v.version, r.environment, r.status, r.digest, r.policy_digest, r.decision_digest, r.adr_digest, r.pattern_digest,
      encode(r.statement_sha256, 'hex') as request, r.requested_by, ${personOf(sql`v.trained_by`)} as trained_by, r.model_id, r.version_id,
      g.decision, g.reasons, g.asked_at::text as asked_at,
      (select (h.state ->> 'tier')::int from history h where h.relation = 'model' and h.row_id = r.model_id and h.valid_from <= g.asked_at
        and (h.valid_to is null or h.valid_to > g.asked_at)) as tier,
      exists (select from log_entry e where e.subject_kind = 'release' and e.subject_id = r.id::text and e.name = 'release.refreshed'
        and e.at > g.asked_at) as moved,
      (select jsonb_agg(to_jsonb(a) order by a.signed_at) from (
        select a.person_id, p.name as person_name, a.role, a.decision, a.reason, a.digest, encode(a.request_sha256, 'hex') as request,
          c.kind, a.signed_at, a.expires_at, case when a.revoked_at <= g.asked_at then a.revoked_at end as revoked_at
        from approval a join person p on p.id = a.person_id join credential c on c.id = a.credential_id
        where a.release_id = r.id and a.signed_at <= g.asked_at and (a.superseded_at is null or a.superseded_at > g.asked_at)
      ) a) as approvals,
      (select to_jsonb(b) from (
        select b.ref, b.digest, b.environment, b.requested_by, q.name as requester_name, b.confirmed_by, f.name as confirmer_name, c.kind,
          b.confirmed_at, b.until, case when b.ended_at <= g.asked_at then b.ended_at end as ended_at
        from break_glass b join person q on q.id = b.requested_by join person f on f.id = b.confirmed_by
          join credential c on c.id = b.credential_id
        where b.release_id = r.id and b.confirmed_at <= g.asked_at order by b.confirmed_at desc limit 1
      ) b) as glass,
      (${sql.raw(freezesAt({ environment: "r.environment", unit: "r.unit_id", release: "r.id", at: "g.asked_at" }))}) as freezes
    from (
      select release.*, model.name as model, model.business_unit_id as unit_id from release join model on model.id = release.model_id
      where release.status not in ('open', 'allowed') and release.environment = any(${sql.param(environments)}::text[]) and ${seenReleases(actor)}
      order by release.requested_at desc, release.id desc limit ${limit}
    ) r join model_version v on v.id = r.version_id
    left join lateral (select decision, reasons, asked_at from gate_check where release_id = r.id order by asked_at desc limit 1) g on true
    order by r.requested_at desc, r.id desc`);
  return rows.map(closed);
}

function closed(row: Row): ClosedRelease {
  const { ref, model, version, environment, status, policy_digest: policyDigest, decision, reasons, asked_at } = row;
  const base = { ref, model, version, environment, status, policyDigest };
  if (!decision || !asked_at || !reasons)
    return { ...base, answered: null, lacks: "The gate was never asked about it, so no answer of then is on record." };
  if (row.moved)
    return {
      ...base,
      answered: null,
      lacks: "The request changed after its last answer; what it pinned then is not kept as rows.",
    };
  const standing = {
    decisionDigest: row.decision_digest,
    adrDigest: row.adr_digest,
    patternDigest: row.pattern_digest,
  };
  return {
    ...base,
    lacks: null,
    answered: {
      at: new Date(asked_at),
      decision,
      reasons: reasons.map(({ code, text }) => ({ code, text })),
      inputs: {
        asked: { model, version, digest: row.digest, environment },
        model: { id: row.model_id, name: model, tier: row.tier, prohibited: false },
        version: { id: row.version_id, digest: row.digest, status: "" },
        release: {
          ref,
          status,
          digest: row.digest,
          policyDigest,
          ...standing,
          requestSha256: row.request,
          requestedBy: row.requested_by,
          trainedById: row.trained_by,
        },
        approvals: (row.approvals ?? []).map((a) => ({
          personId: a.person_id,
          personName: a.person_name,
          role: a.role,
          decision: a.decision,
          reason: a.reason,
          digest: a.digest,
          requestSha256: a.request,
          keyKind: a.kind,
          signedAt: new Date(a.signed_at),
          expiresAt: new Date(a.expires_at),
          revokedAt: a.revoked_at ? new Date(a.revoked_at) : null,
        })),
        // The request pinned what stood: where it did not, the answer of then says so and the replay does not equal it.
        standing,
        facts: {
          model: { name: model, owner: "", tier: row.tier ?? 0, legalClass: "", kind: "", servingType: "", stage: "" },
          version: { version, digest: row.digest, trainedBy: "" },
          readiness: null,
          decision: { outcome: "", ref: "", daysLeft: 0 },
          conditions: { open: 0, openBeforeRelease: 0, maxDaysOverdue: 0 },
          adoption: { pattern: "", version: 0, deviates: false },
          facts: {},
        },
        items: { failed: [], unknown: [] },
        openConditions: [],
        decisionEnds: null,
        freezes: (row.freezes ?? []).map(freezeInput),
        breakGlass: row.glass && glassInput(row.glass),
        demo: personasOffered(),
      },
    },
  };
}
