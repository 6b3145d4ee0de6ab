import "server-only";
import type { Reader } from "@/db/client";
import { prepared, send } from "@/db/transact";
import { dayOf } from "@/lib/core/business-days";
import type { Role } from "@/lib/core/rights";
import { freezesAt } from "@/lib/freezes/read";
import { judgeAll } from "@/lib/readiness/assess";
import { type Given, given } from "@/lib/readiness/given";
import type { ApprovalInput, GateInputs, Item } from "./gate-inputs";
import { type FreezeRow, freezeInput, type GlassRow, glassInput } from "./gate-rows";
import type { ApprovalDecision, ReleaseStatus } from "./release";

/** What the gate asks about; `digest` null asks about the registered artefact, as pages do. */
export type Asked = { model: string; version: string; digest: string | null; environment: string };

/** The release that an answer is about, as pages show it. */
export type GateRelease = NonNullable<GateInputs["release"]> & {
  id: string;
  status: ReleaseStatus;
  environment: string;
  requestedAt: Date;
  assessmentDigest: string;
};

/** An approval with what pages show of it. */
export type GateApproval = ApprovalInput & {
  id: string;
  kid: string;
  keyLabel: string;
  statementSha256: string;
  revokeReason: string | null;
};

export type GateState = {
  inputs: GateInputs;
  release: GateRelease | null;
  approvals: readonly GateApproval[];
  /** The break-glass of `inputs`, with its two signed statements: what was asked, and its confirmation. SHA-256 hex. */
  glass: { id: string; ref: string; statements: readonly string[] } | null;
  owner: { id: string; name: string } | null;
  backupOwner: { id: string; name: string } | null;
  businessUnitId: string | null;
};

type Row = {
  model: {
    id: string;
    name: string;
    kind: string | null;
    serving_type: string | null;
    stage: string;
    tier: number | null;
    legal_class: string | null;
    business_unit_id: string | null;
    owner_id: string | null;
    backup_owner_id: string | null;
    owner_name: string | null;
    backup_owner_name: string | null;
    blocked: boolean | null;
  } | null;
  version: {
    id: string;
    digest: string | null;
    status: string;
    trained_by: string | null;
    trained_by_id: string | null;
  } | null;
  release: {
    id: string;
    ref: string;
    status: ReleaseStatus;
    digest: string;
    environment: string;
    policy_digest: string;
    assessment_digest: string;
    decision_digest: string | null;
    adr_digest: string | null;
    pattern_digest: string | null;
    statement_sha256: string;
    requested_by: string;
    requested_at: string;
  } | null;
  approvals:
    | {
        id: string;
        person_id: string;
        person_name: string;
        role: Role;
        decision: ApprovalDecision;
        reason: string;
        digest: string;
        request_sha256: string;
        statement_sha256: string;
        kind: "passkey" | "software";
        kid: string;
        label: string;
        signed_at: string;
        expires_at: string;
        revoked_at: string | null;
        revoke_reason: string | null;
      }[]
    | null;
  decision: {
    ref: string;
    outcome: string;
    digest: string;
    valid_until: string | null;
    adr_digest: string | null;
    pattern_digest: string | null;
  } | null;
  conditions: { text: string; kind: string; due_on: string; owner: string; ref: string; review_ref: string }[] | null;
  adoption: { pattern_id: string; version: number; digest: string; deviations: string } | null;
  freezes: FreezeRow[] | null;
  glass: (GlassRow & { id: string; statement: string; confirmation: string }) | null;
};

/** Prepared, since every question of every pipeline pays for it. */
const statement = prepared(
  "gate_state",
  `
    with m as (
      select m.id, m.name, m.kind, m.serving_type, m.stage, m.tier, m.legal_class, m.business_unit_id, m.owner_id,
        m.backup_owner_id, o.name as owner_name, b.name as backup_owner_name,
        (select ra.blocked from risk_assessment ra where ra.model_id = m.id order by ra.answered_at desc limit 1) as blocked
      from model m left join person o on o.id = m.owner_id left join person b on b.id = m.backup_owner_id
      where m.name = $1::text
    ), v as (
      select v.id, v.digest, v.status, v.trained_by,
        (select p.id from person p where lower(p.email) = lower(v.trained_by) or lower(p.name) = lower(v.trained_by)
          or split_part(lower(p.email), '@', 1) = lower(v.trained_by) limit 1) as trained_by_id
      from model_version v join m on v.model_id = m.id where v.version = $2::text
    ), r as (
      select r.id, r.ref, r.status, r.digest, r.environment, r.policy_digest, r.assessment_digest, r.decision_digest, r.adr_digest,
        r.pattern_digest, encode(r.statement_sha256, 'hex') as statement_sha256, r.requested_by, r.requested_at
      from release r join v on r.version_id = v.id
      where r.environment = $3::text and r.status not in ('withdrawn', 'superseded')
      order by r.requested_at desc limit 1
    ), d as (
      select w.ref, d.outcome, d.digest, d.valid_until, w.adr_digest, x.pattern_digest
      from review_model x join m on x.model_id = m.id join review_decision d on d.review_id = x.review_id and d.round = x.round
      join review w on w.id = d.review_id
      where w.status in ('approved', 'approved_with_conditions', 'rejected') and d.outcome <> 'deferred'
      order by d.decided_at desc, d.id desc limit 1
    )
    select
      (select to_jsonb(m) from m) as model,
      (select to_jsonb(v) from v) as version,
      (select to_jsonb(r) from r) as release,
      (select jsonb_agg(to_jsonb(a) order by a.signed_at) from (
        select a.id, a.person_id, p.name as person_name, a.role, a.decision, a.reason, a.digest,
          encode(a.request_sha256, 'hex') as request_sha256, encode(a.statement_sha256, 'hex') as statement_sha256,
          c.kind, c.kid, c.label, a.signed_at, a.expires_at, a.revoked_at, a.revoke_reason
        from approval a join r on a.release_id = r.id join person p on p.id = a.person_id join credential c on c.id = a.credential_id
        where a.superseded_at is null
      ) a) as approvals,
      (select to_jsonb(d) from d) as decision,
      (select jsonb_agg(to_jsonb(c) order by c.due_on) from (
        select c.ref, c.text, c.kind, c.due_on, o.name as owner, w.ref as review_ref
        from review_model x join m on x.model_id = m.id join review_decision d on d.review_id = x.review_id and d.round = x.round
        join condition c on c.decision_id = d.id join person o on o.id = c.owner_id join review w on w.id = c.review_id
        where c.status in ('open', 'answered')
      ) c) as conditions,
      (select to_jsonb(a) from (
        select a.pattern_id, a.version, a.digest, a.deviations from pattern_adoption a join m on a.model_id = m.id
        where a.ended_at is null limit 1
      ) a) as adoption,
      (select to_jsonb(g) from (
        select g.id, g.ref, g.digest, g.environment, g.requested_by, q.name as requester_name, g.confirmed_by, f.name as confirmer_name,
          k.kind, g.confirmed_at, g.until, g.ended_at, encode(g.statement_sha256, 'hex') as statement,
          encode(g.confirmation_sha256, 'hex') as confirmation
        from break_glass g join r on g.release_id = r.id join person q on q.id = g.requested_by
          join person f on f.id = g.confirmed_by join credential k on k.id = g.credential_id
        order by g.confirmed_at desc limit 1
      ) g) as glass,
      (${freezesAt({ environment: "$3::text", unit: "(select business_unit_id from m)", release: "(select id from r)", at: "$4::timestamptz" })}) as freezes`,
);

/**
 * Everything a decision needs, in two statements that travel together: readiness as of `now`, and all else; the board's standing by
 * the rule of lib/reviews/standing.ts. A release that was withdrawn or replaced is not considered; among the others the newest one
 * counts.
 */
export async function loadGate(read: Reader, asked: Asked, demo: boolean, now: Date): Promise<GateState> {
  const [[row], found] = await Promise.all([
    send<Row>(read, statement, [asked.model, asked.version, asked.environment, now.toISOString()]),
    given(read, { model: { name: asked.model }, version: { version: asked.version } }, now),
  ]);
  if (!row) throw new Error("The gate's query returned no row.");
  return stateOf(row, found, asked, demo, now);
}

function stateOf(row: Row, found: Given | null, asked: Asked, demo: boolean, now: Date): GateState {
  const readiness = found?.version ? judgeAll(found, now, true) : null;
  const { model, version, decision, adoption, glass } = row;
  const today = dayOf(now);
  const conditions = row.conditions ?? [];
  const release: GateRelease | null = row.release && {
    id: row.release.id,
    ref: row.release.ref,
    status: row.release.status,
    environment: row.release.environment,
    digest: row.release.digest,
    policyDigest: row.release.policy_digest,
    assessmentDigest: row.release.assessment_digest,
    decisionDigest: row.release.decision_digest,
    adrDigest: row.release.adr_digest,
    patternDigest: row.release.pattern_digest,
    requestSha256: row.release.statement_sha256,
    requestedBy: row.release.requested_by,
    trainedById: version?.trained_by_id ?? null,
    requestedAt: new Date(row.release.requested_at),
  };
  const approvals: GateApproval[] = (row.approvals ?? []).map((a) => ({
    id: a.id,
    personId: a.person_id,
    personName: a.person_name,
    role: a.role,
    decision: a.decision,
    reason: a.reason,
    digest: a.digest,
    requestSha256: a.request_sha256,
    statementSha256: a.statement_sha256,
    keyKind: a.kind,
    kid: a.kid,
    keyLabel: a.label,
    signedAt: new Date(a.signed_at),
    expiresAt: new Date(a.expires_at),
    revokedAt: a.revoked_at ? new Date(a.revoked_at) : null,
    revokeReason: a.revoke_reason,
  }));
  const itemsIn = (state: string): Item[] =>
    (readiness?.required ?? []).filter((i) => i.state === state).map(({ id, title, why }) => ({ id, title, why }));
  const inputs: GateInputs = {
    asked,
    model: model && {
      id: model.id,
      name: model.name,
      tier: model.tier,
      prohibited: model.legal_class === "prohibited" || model.blocked === true,
    },
    version,
    release,
    approvals,
    standing: {
      decisionDigest: decision?.digest ?? null,
      adrDigest: decision?.adr_digest ?? null,
      patternDigest: adoption?.digest ?? null,
    },
    facts: {
      model: {
        name: model?.name ?? asked.model,
        owner: model?.owner_name ?? "",
        tier: model?.tier ?? 0,
        legalClass: model?.legal_class ?? "",
        kind: model?.kind ?? "",
        servingType: model?.serving_type ?? "",
        stage: model?.stage ?? "",
      },
      version: { version: asked.version, digest: version?.digest ?? "", trainedBy: version?.trained_by ?? "" },
      readiness: readiness?.counts ?? null,
      decision: {
        outcome: decision?.outcome ?? "",
        ref: decision?.ref ?? "",
        daysLeft: decision?.valid_until ? daysBetween(today, decision.valid_until) : endless,
      },
      conditions: {
        open: conditions.length,
        openBeforeRelease: conditions.filter((c) => c.kind !== "after_release").length,
        maxDaysOverdue: Math.max(0, ...conditions.map((c) => daysBetween(c.due_on, today))),
      },
      adoption: {
        pattern: adoption?.pattern_id ?? "",
        version: adoption?.version ?? 0,
        deviates: (adoption?.deviations ?? "") !== "",
      },
      // Of several sources for one key, what was true last.
      facts: Object.fromEntries((found?.facts ?? []).map((f) => [f.key, f.value])),
    },
    items: { failed: itemsIn("fail"), unknown: itemsIn("unknown") },
    openConditions: conditions.map((c) => ({
      text: `${c.ref}: ${c.text}`,
      owner: c.owner,
      dueOn: c.due_on,
      blocking: c.kind !== "after_release",
      link: `/reviews/${c.review_ref}#${c.ref}`,
    })),
    decisionEnds: decision?.valid_until ?? null,
    breakGlass: glass && glassInput(glass),
    freezes: (row.freezes ?? []).map(freezeInput),
    demo,
  };
  const named = (id: string | null | undefined, name: string | null | undefined) => (id && name ? { id, name } : null);
  return {
    inputs,
    release,
    approvals,
    glass: glass && { id: glass.id, ref: glass.ref, statements: [glass.statement, glass.confirmation] },
    owner: named(model?.owner_id, model?.owner_name),
    backupOwner: named(model?.backup_owner_id, model?.backup_owner_name),
    businessUnitId: model?.business_unit_id ?? null,
  };
}

/** Days left of a decision without an end. */
const endless = 36_500;

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
