import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { AskedState, Needs, RiskStatement } from "@/lib/readiness/risk-acceptance";
import { standings } from "@/lib/readiness/waiver-standing";
import type { AcceptanceSubject, GivenPart } from "./acceptance";

type Row = {
  id: string;
  ref: string;
  review: string;
  reviewId: string;
  model: string;
  modelId: string;
  unit: string | null;
  risk: string;
  treatment: string;
  riskOwner: string;
  reason: string;
  statement: RiskStatement;
  tier: number | null;
  renewal: number;
  needs: Needs;
  given: GivenPart[];
  requestedBy: string;
  asker: string;
  requestedAt: string;
  expiresAt: string;
  state: AskedState;
  refuser: string | null;
  refusedReason: string | null;
  reviewers: string[];
  parties: string[];
};

/** An acceptance with everything that its rules ask. Instants are ISO 8601. */
export type Acceptance = Omit<Row, "reviewers" | "parties"> & { over: boolean; rules: AcceptanceSubject };

const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Acceptances of risks `x`, in reviews `r`, of models `m`, as a condition chooses them; one statement and one for the standing. */
export async function acceptances(read: Reader, where: SQL, now: Date, limit = 300): Promise<Acceptance[]> {
  const { rows } = await read.execute<Row>(sql`
    select x.id, x.ref, r.ref as review, x.review_id as "reviewId", m.name as model, x.model_id as "modelId", m.business_unit_id as unit,
      x.risk, x.treatment, x.risk_owner as "riskOwner", x.reason, x.statement, x.tier, x.renewal, x.needs, x.given,
      x.requested_by as "requestedBy", a.name as asker, ${iso(sql`x.requested_at`)} as "requestedAt", ${iso(sql`x.expires_at`)} as "expiresAt",
      case when x.ended_at is not null then 'ended' when x.accepted_at is not null then 'accepted'
        when x.refused_at is not null then 'refused' else 'requested' end as state,
      f.name as refuser, x.refused_reason as "refusedReason",
      array(select v.person_id::text from vote v where v.review_id = r.id
        union select v.person_id::text from review_reviewer v where v.review_id = r.id and v.ended_at is null
        union select d.decided_by from review_decision d where d.review_id = r.id) as reviewers,
      array(select r.created_by::text union select s.submitted_by::text from review_submission s where s.review_id = r.id
        union select p.id::text from review_model y join model n on n.id = y.model_id join person p on p.id in (n.owner_id, n.backup_owner_id)
          where y.review_id = r.id and y.round = r.round) as parties
    from risk_acceptance x join review r on r.id = x.review_id join model m on m.id = x.model_id
      join person a on a.id = x.requested_by left join person f on f.id = x.refused_by
    where ${where} order by x.requested_at, x.id limit ${limit}`);
  const standing = await standings(read, [...new Set(rows.map((r) => r.modelId))]);
  return rows.map(({ reviewers, parties, ...row }) => {
    const model = standing.get(row.modelId);
    if (!model) throw new Error(`${row.ref} has no model`);
    return {
      ...row,
      over: row.state === "accepted" && new Date(row.expiresAt) <= now,
      rules: {
        state: row.state,
        requestedBy: row.requestedBy,
        needs: row.needs,
        given: row.given,
        model: { ...model, reviewerIds: [...new Set([...model.reviewerIds, ...reviewers])] },
        review: row.review,
        partyIds: parties,
      },
    };
  });
}

export const acceptancesOf = (read: Reader, reviewId: string, now: Date) =>
  acceptances(read, sql`x.review_id = ${reviewId}::uuid`, now);

/** Those that nobody has ruled on; of some entries of the log, or all. */
export const openAcceptances = (read: Reader, now: Date, ids?: readonly string[]) =>
  acceptances(
    read,
    sql`x.accepted_at is null and x.refused_at is null and x.ended_at is null and x.expires_at > ${now.toISOString()}::timestamptz
      and ${ids ? sql`x.id = any(${sql.param([...ids])}::uuid[])` : sql`true`}`,
    now,
  );

/** Those of a person's models that run out within 30 days, or have run out, and that no later one of the same risk replaces. */
export const endingAcceptances = (read: Reader, personId: string, now: Date) =>
  acceptances(
    read,
    sql`x.accepted_at is not null and x.ended_at is null and x.expires_at <= ${now.toISOString()}::timestamptz + interval '30 days'
      and (m.owner_id = ${personId} or m.backup_owner_id = ${personId}) and m.stage <> 'retired'
      and not exists (select from risk_acceptance n where n.model_id = x.model_id and n.risk = x.risk and n.requested_at > x.requested_at
        and n.refused_at is null and n.ended_at is null)`,
    now,
  );
