import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/client";
import {
  choices,
  conditionStatuses,
  findingStatuses,
  lanes,
  outcomes,
  reviewStatuses,
  seats,
  severities,
} from "@/lib/reviews/review";
import type { Review } from "./state";

const ballot = z.object({
  personId: z.string(),
  name: z.string(),
  seat: z.enum(seats),
  choice: z.enum(choices),
  for: z.object({ personId: z.string(), name: z.string() }).optional(),
});
const Read = z.object({
  ref: z.string(),
  status: z.enum(reviewStatuses),
  lane: z.enum(lanes).nullable(),
  raised: z.boolean(),
  emergency: z.boolean().nullable(),
  round: z.number(),
  tier: z.number(),
  owner: z.string(),
  parties: z.array(z.string()),
  recused: z.array(z.string()),
  ballots: z.array(ballot),
  closesAt: z.coerce.date().nullable(),
  findings: z.array(
    z.object({
      ref: z.string(),
      severity: z.enum(severities),
      status: z.enum(findingStatuses),
      raisedBy: z.string(),
      resolvedBy: z.string().nullable(),
    }),
  ),
  conditions: z.array(
    z.object({
      ref: z.string(),
      status: z.enum(conditionStatuses),
      answeredBy: z.string().nullable(),
      closes: z.string().nullable(),
    }),
  ),
  decisions: z.array(
    z.object({
      round: z.number(),
      outcome: z.enum(outcomes),
      by: z.string(),
      content: z.string(),
    }),
  ),
  spans: z.array(z.object({ status: z.enum(reviewStatuses), from: z.coerce.date(), to: z.coerce.date().nullable() })),
  submittedAt: z.coerce.date().nullable(),
});

/** What a decision's signed content says of its votes. */
const Content = z.object({
  lane: z.enum(lanes).nullable(),
  recused: z.array(z.string()),
  decidedBy: z.object({ kind: z.enum(["person", "service", "agent", "connector", "system"]) }),
  votes: z.array(
    z.object({ person: z.string(), seat: z.enum(seats), choice: z.enum(choices), for: z.string().optional() }),
  ),
});

/** A review as the tables hold it, in the shape of the model of the workflow. */
export async function readReview(db: Db, ref: string): Promise<Review> {
  const { rows } = await db.execute(sql`
    select r.ref, r.status, r.lane, r.round, m.tier, r.created_by::text as owner, (r.submission ->> 'emergency')::boolean as emergency,
      r.lane_reasons @> '[{"rule":"reviewer"}]' as raised, r.submitted_at as "submittedAt",
      array_remove(array[r.created_by::text, m.backup_owner_id::text], null) as parties,
      coalesce((select json_agg(c.person_id::text order by c.declared_at, c.id) from recusal c where c.review_id = r.id), '[]') as recused,
      coalesce((select json_agg(json_strip_nulls(json_build_object('personId', v.person_id, 'name', p.name, 'seat', v.seat, 'choice', v.choice,
          'for', case when f.id is not null then json_build_object('personId', f.id, 'name', f.name) end)) order by v.cast_at, v.id)
        from vote v join person p on p.id = v.person_id left join person f on f.id = v.for_id
        where v.review_id = r.id and v.round = r.round and v.superseded_at is null and r.status <> 'draft'), '[]') as ballots,
      (select c.closes_at from vote_call c where c.review_id = r.id and c.round = r.round order by c.opened_at desc, c.id desc limit 1) as "closesAt",
      coalesce((select json_agg(json_build_object('ref', f.ref, 'severity', f.severity, 'status', f.status, 'raisedBy', f.raised_by,
          'resolvedBy', f.resolved_by) order by f.raised_at, f.id) from finding f where f.review_id = r.id), '[]') as findings,
      coalesce((select json_agg(json_build_object('ref', c.ref, 'status', c.status, 'answeredBy', c.answered_by,
          'closes', (select f.ref from finding f where f.id = c.finding_id)) order by c.id) from condition c where c.review_id = r.id), '[]') as conditions,
      coalesce((select json_agg(json_build_object('round', d.round, 'outcome', d.outcome, 'by', d.decided_by, 'content', d.content)
          order by d.round) from review_decision d where d.review_id = r.id), '[]') as decisions,
      coalesce((select json_agg(json_build_object('status', h.state ->> 'status', 'from', h.valid_from, 'to', h.valid_to) order by h.valid_from)
        from history h where h.relation = 'review' and h.row_id = r.id), '[]') as spans
    from review r join model m on m.id = r.model_id where r.ref = ${ref}`);
  const { emergency, decisions, spans, ...read } = Read.parse(rows[0]);
  const findings = read.findings;
  return {
    ...read,
    triaged: emergency ? "emergency" : read.tier === 1 ? "full_board" : "fast_track",
    spans: read.submittedAt ? merged(spans.filter((span) => span.status !== "draft")) : [],
    decisions: decisions.map(({ round, outcome, by, content }) => {
      const told = Content.parse(JSON.parse(content));
      const closed = new Set(read.conditions.map((c) => c.closes));
      return {
        round,
        outcome,
        by: { kind: told.decidedBy.kind, id: by },
        lane: told.lane,
        recused: told.recused,
        ballots: told.votes.map(({ person, ...vote }) => ({ personId: person, ...vote })),
        conditions: outcome === "approved_with_conditions" ? read.conditions.length : 0,
        // A finding that had to be fixed and was verified stays so: what is open now was open then.
        openMustFix: outcome.startsWith("approved")
          ? findings.filter((f) => f.severity === "must_fix" && f.status !== "verified" && !closed.has(f.ref)).length
          : 0,
      };
    }),
  };
}

/** The history keeps a state anew with every change of the row; a stay is one span. */
function merged(spans: Review["spans"]): Review["spans"] {
  const out: { status: Review["status"]; from: Date; to: Date | null }[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last?.status === span.status) last.to = span.to;
    else out.push({ ...span });
  }
  return out;
}
