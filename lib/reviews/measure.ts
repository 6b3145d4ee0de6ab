import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { givenUnit } from "@/lib/units/find";
import { type Cycle, cyclesWhere } from "./cycles";
import { inView } from "./list";
import { measure, measureIds, measures, rowsOf } from "./measures";
import { lanes } from "./review";

/** Days that the board's measures look back on. */
export const windows = [30, 90, 180, 365] as const;

const scope = {
  days: z.coerce
    .number()
    .int()
    .min(1, "Look back on at least one day.")
    .max(1095, "Look back on at most three years.")
    .default(90),
  unit: z.string().trim().max(60).optional().describe("Slug of a business unit; with those below it"),
};

type Scope = { days: number; unit?: string | undefined };

async function within(
  read: Reader,
  input: Scope,
  actor: Actor,
  now: Date,
): Promise<{ seen: SQL; from: SQL; since: Date }> {
  if (!holds(actor, "reviews:read"))
    throw new Refusal("forbidden", "You need a role to see how the board works. Ask an administrator for one.");
  const since = new Date(now.getTime() - input.days * 86_400_000);
  const unit = input.unit ? await givenUnit(read, input.unit) : null;
  const below = unit
    ? sql`m.business_unit_id in (with recursive down (id) as (select ${unit.id}::uuid union select b.id from business_unit b join down on b.parent_id = down.id) select id from down)`
    : sql`true`;
  return {
    seen: sql`${inReach(actor, "reviews:read", sql`m.business_unit_id`)} and ${below}`,
    from: sql`${since.toISOString()}::timestamptz`,
    since,
  };
}

const decidedOrOpen = (from: SQL): SQL =>
  sql`((r.decided_at >= ${from} and r.status in ('approved', 'approved_with_conditions', 'rejected')) or r.status in ('in_review', 'changes_requested', 'deferred'))`;
/** The same of a review that was read. */
const isDecidedOrOpen = ({ status, decidedAt }: Cycle, since: Date): boolean =>
  inView.open.includes(status) || (status !== "withdrawn" && decidedAt !== null && decidedAt >= since);

/** How the board works: cycle times by lane, yields and rates, lane mix, closure of conditions, who carries how much. */
export const boardMeasures = query({
  name: "reviews.measured",
  title: "The board's own measures",
  http: { method: "GET", path: "/reviews/measures" },
  input: z.strictObject(scope),
  run: async (read, input, actor, now) => {
    const { seen, from, since } = await within(read, input, actor, now);
    const [cycles, closure, workload, looks, survey] = await Promise.all([
      cyclesWhere(read, sql`${seen} and (${decidedOrOpen(from)} or r.submitted_at >= ${from})`, now),
      conditionClosure(read, seen, from, now),
      workloads(read, seen, from),
      laterLooks(read, seen, from, now),
      surveyed(read, seen, from),
    ]);
    const decided = cycles.filter((c) => isDecidedOrOpen(c, since));
    const submitted = cycles.filter((c) => c.submittedAt >= since);
    return { since, days: input.days, ...measure(decided, submitted), closure, workload, looks, survey };
  },
});

/** The decisions that one measure is over, those that meet it first. */
export const measureRows = query({
  name: "reviews.measured.rows",
  title: "The reviews behind one of the board's measures",
  http: { method: "GET", path: "/reviews/measures/{measure}" },
  input: z.strictObject({ measure: z.enum(measureIds), lane: z.enum(lanes).optional(), ...scope }),
  run: async (read, input, actor, now) => {
    const { seen, from, since } = await within(read, input, actor, now);
    const lane = input.lane ? sql`r.lane = ${input.lane}` : sql`true`;
    const cycles = await cyclesWhere(read, sql`${seen} and ${lane} and ${decidedOrOpen(from)}`, now);
    const { name, means } = measures[input.measure];
    return { id: input.measure, name, means, since, items: rowsOf(input.measure, cycles) };
  },
});

/** Conditions that fell due in the window: closed by the day, closed late, still open. */
async function conditionClosure(read: Reader, seen: SQL, from: SQL, now: Date) {
  const { rows } = await read.execute<{ due: number; in_time: number; late: number; open: number }>(sql`
    select count(*)::int as due,
      (count(*) filter (where c.status = 'closed' and (c.accepted_at at time zone 'UTC')::date <= c.due_on))::int as in_time,
      (count(*) filter (where c.status = 'closed' and (c.accepted_at at time zone 'UTC')::date > c.due_on))::int as late,
      (count(*) filter (where c.status in ('open', 'answered')))::int as open
    from condition c join model m on m.id = c.model_id
    where c.status <> 'withdrawn' and c.due_on >= (${from})::date and c.due_on <= ${now.toISOString().slice(0, 10)}::date and ${seen}`);
  const [row] = rows;
  return { due: row?.due ?? 0, inTime: row?.in_time ?? 0, late: row?.late ?? 0, open: row?.open ?? 0 };
}

export type Workload = {
  id: string;
  name: string;
  votes: number;
  findings: number;
  comments: number;
  decisions: number;
};

/** What each reviewer did in the window. */
async function workloads(read: Reader, seen: SQL, from: SQL): Promise<Workload[]> {
  const { rows } = await read.execute<Workload>(sql`
    with did as (
      select v.person_id::text as person, 'vote' as what from vote v join review r on r.id = v.review_id join model m on m.id = r.model_id
        where v.cast_at >= ${from} and v.superseded_at is null and ${seen}
      union all select f.raised_by, 'finding' from finding f join model m on m.id = f.model_id
        where f.raised_at >= ${from} and f.source = 'review' and ${seen}
      union all select c.author_id::text, 'comment' from review_comment c join review r on r.id = c.review_id join model m on m.id = r.model_id
        where c.created_at >= ${from} and ${seen}
      union all select d.decided_by, 'decision' from review_decision d join review r on r.id = d.review_id join model m on m.id = r.model_id
        where d.decided_at >= ${from} and ${seen}
    )
    select p.id, p.name, (count(*) filter (where what = 'vote'))::int as votes, (count(*) filter (where what = 'finding'))::int as findings,
      (count(*) filter (where what = 'comment'))::int as comments, (count(*) filter (where what = 'decision'))::int as decisions
    from did join person p on p.id::text = did.person group by p.id, p.name
    order by count(*) filter (where what = 'vote') desc, p.name limit 200`);
  return rows;
}

/** Later looks that fell due in the window: done, of them doubted, and overdue. */
async function laterLooks(read: Reader, seen: SQL, from: SQL, now: Date) {
  const today = sql`${now.toISOString().slice(0, 10)}::date`;
  const { rows } = await read.execute<{ asked: number; done: number; doubted: number; overdue: number }>(sql`
    select count(*)::int as asked, (count(*) filter (where r.looked_at is not null))::int as done,
      (count(*) filter (where r.look_outcome = 'doubted'))::int as doubted,
      (count(*) filter (where r.looked_at is null and r.look_due_on < ${today}))::int as overdue
    from review r join model m on m.id = r.model_id where r.look_due_on is not null and r.decided_at >= ${from} and ${seen}`);
  return rows[0] ?? { asked: 0, done: 0, doubted: 0, overdue: 0 };
}

/** Means of the survey's answers, 1 to 5; null where nobody answered the question. */
async function surveyed(read: Reader, seen: SQL, from: SQL) {
  const { rows } = await read.execute<{
    answers: number;
    speed: number | null;
    clarity: number | null;
    usefulness: number | null;
  }>(sql`
    select count(*)::int as answers, avg(s.speed)::float8 as speed, avg(s.clarity)::float8 as clarity, avg(s.usefulness)::float8 as usefulness
    from review_survey s join review r on r.id = s.review_id join model m on m.id = r.model_id where s.answered_at >= ${from} and ${seen}`);
  return rows[0] ?? { answers: 0, speed: null, clarity: null, usefulness: null };
}
