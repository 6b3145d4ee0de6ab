import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { parts, sections } from "@/lib/reviews/sections";
import { questions } from "@/lib/reviews/submission";

/** A submission as long as people write them: some 12 kB. */
function submission(): Record<string, unknown> {
  const words =
    "The scorer answers within forty milliseconds, is watched for drift by day, and is taken back in minutes. ";
  return {
    ...Object.fromEntries([...sections, ...parts].map((s) => [s.id, words.repeat(5)])),
    ...Object.fromEntries(questions.map((q) => [q.id, false])),
    changeType: "new_model",
    system: "Cards",
    sponsor: "Head of Cards",
    targetDate: "2027-06-01",
  };
}

/**
 * Reviews of models that are there, with rounds, votes, decisions, conditions, comments, findings and the history of their states.
 * One in twenty is before the board. Written by SQL, for benchmarks only.
 */
export async function seedReviews(db: Db, count: number, findingsEach: number): Promise<void> {
  const text = JSON.stringify(submission());
  const content = Buffer.from(canonicalize({ v: "countersign/submission/v2", submission: submission() }) ?? "");
  const digest = createHash("sha256").update(content).digest("hex");
  // What a trigger would write at the instant of the seed is written below with the instants of a year.
  for (const table of ["review", "finding", "condition"])
    await db.execute(sql.raw(`alter table ${table} disable trigger user`));
  await db.execute(sql`
    insert into review (id, ref, title, model_id, status, lane, lane_reasons, triage_version, submission, submission_digest, round, created_by,
      created_at, updated_at, submitted_at, promised_at, promised_on, decided_at)
    select gen_random_uuid(), 'REV-' || lpad(n::text, 4, '0'), 'Review ' || n, m.id,
      case when n % 20 = 0 then 'in_review' when n % 50 = 1 then 'changes_requested' when n % 9 = 0 then 'rejected'
        when n % 3 = 0 then 'approved_with_conditions' else 'approved' end,
      (array['full_board', 'fast_track', 'fast_track', 'self_service'])[n % 4 + 1], '[{"rule":"tier_2","text":"the model is tier 2"}]', '2026-11.1',
      ${text}::jsonb, ${digest}, 1, m.owner_id, at, at + interval '6 days', at, at + interval '10 days', (at + interval '10 days')::date,
      case when n % 20 = 0 or n % 50 = 1 then null else at + interval '6 days' end
    from (select m.*, row_number() over (order by m.name) as n from model m) m
    cross join lateral (select case when n % 20 = 0 then now() - n % 12 * interval '1 day' else now() - (7 + n % 360) * interval '1 day' end as at) t
    where n <= ${count}`);
  await db.execute(sql`
    insert into review_submission (id, review_id, round, digest, content, submitted_by, submitted_at)
    select gen_random_uuid(), id, 1, ${digest}, ${content}, created_by, submitted_at from review`);
  await db.execute(
    sql`insert into review_model (review_id, round, position, model_id) select id, 1, 1, model_id from review`,
  );
  await db.execute(sql`
    insert into history (relation, row_id, valid_from, valid_to, model_id, state)
    select 'review', r.id, s.at, lead(s.at) over (partition by r.id order by s.at), r.model_id, to_jsonb(r) || jsonb_build_object('status', s.status)
    from review r cross join lateral (values ('draft', r.submitted_at - interval '2 days'), ('in_review', r.submitted_at),
      ('changes_requested', case when r.decided_at is not null then r.submitted_at + interval '2 days' end),
      ('in_review', case when r.decided_at is not null then r.submitted_at + interval '4 days' end), (r.status, r.decided_at)) s (status, at)
    where s.at is not null`);
  await db.execute(sql`
    insert into vote (id, review_id, round, person_id, seat, choice, reason, cast_at)
    select gen_random_uuid(), r.id, 1, p.id, p.seat, case when p.n = 4 and right(r.ref, 1) = '7' then 'reject' else 'approve' end, '', r.submitted_at + interval '5 days'
    from review r cross join (select id, row_number() over (order by name) as n,
      (array['chair', 'security', 'model_risk', 'architecture'])[row_number() over (order by name)] as seat
      from person order by name limit 4) p where r.decided_at is not null or right(r.ref, 2) = '40'`);
  await db.execute(sql`
    insert into review_decision (id, review_id, round, outcome, rationale, digest, content, decided_by, decided_at, valid_until)
    select gen_random_uuid(), id, 1, status, 'The evaluation holds and the rollback was tried.', ${digest}, json_build_object('votes', '[]'::json, 'decidedBy', json_build_object('kind', 'person', 'id', created_by))::text, created_by, decided_at, (decided_at + interval '1 year')::date
    from review where decided_at is not null`);
  await db.execute(sql`
    insert into condition (id, ref, review_id, decision_id, model_id, text, kind, owner_id, due_on, status)
    select gen_random_uuid(), 'CON-' || row_number() over (), r.id, d.id, r.model_id, 'Drill the rollback before release ' || i, 'before_release', r.created_by,
      (r.decided_at + i * interval '20 days')::date, case when r.decided_at < now() - interval '60 days' then 'closed' else 'open' end
    from review r join review_decision d on d.review_id = r.id, generate_series(1, 3) i where r.status = 'approved_with_conditions'`);
  await db.execute(sql`
    insert into finding (id, ref, review_id, model_id, source, title, text, severity, owner_id, due_on, status, raised_by, raised_at)
    select gen_random_uuid(), 'FND-' || row_number() over (), r.id, r.model_id, 'review', 'The rollback was not tried ' || i, 'Nobody has taken a version back under load yet.',
      (array['must_fix', 'should_fix', 'note'])[i % 3 + 1], r.created_by, (r.submitted_at + interval '30 days')::date,
      case when r.decided_at is null then (array['open', 'accepted', 'resolved'])[i % 3 + 1] else 'verified' end, r.created_by::text, r.submitted_at + i * interval '1 hour'
    from review r, generate_series(1, ${findingsEach}) i`);
  await db.execute(sql`
    insert into review_comment (id, review_id, section, author_id, text, created_at)
    select gen_random_uuid(), r.id, null, r.created_by, 'How long does it take to go back?', r.submitted_at + i * interval '2 hours' from review r, generate_series(1, 4) i`);
  for (const table of ["review", "finding", "condition"])
    await db.execute(sql.raw(`alter table ${table} enable trigger user`));
  await db.execute(sql`vacuum analyze`);
}
