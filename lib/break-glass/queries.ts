import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import type { Role } from "@/lib/core/rights";
import { entriesFor } from "@/lib/log/queries";
import type { QueueItem } from "@/lib/queue/queue";
import { seenReleases } from "@/lib/releases/visible";
import {
  FindGlass,
  GlassRef,
  type GlassState,
  type GlassSubject,
  mayConfirmGlass,
  mayReviewGlass,
  type Passed,
  type Verdict,
} from "./break-glass";
import { glassBy, glassRules } from "./load";

const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The rule of `stateOf` in SQL, so that lists filter by it. */
const stateAt = (now: Date): SQL => {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`case when g.reviewed_at is not null then 'reviewed'
    when g.confirmed_at is null then case when g.ended_at is not null then 'withdrawn' when g.lapses_at <= ${at} then 'lapsed' else 'waiting' end
    when g.ended_at is not null or g.until <= ${at} then 'to_review' else 'open' end`;
};

/** One break-glass as lists show it. Instants are ISO 8601. */
export type Glass = {
  id: string;
  ref: string;
  state: GlassState;
  release: string;
  model: string;
  tier: number | null;
  unit: string | null;
  unitId: string | null;
  version: string;
  environment: string;
  digest: string;
  hours: number;
  justification: string;
  passes: readonly Passed[];
  requestedById: string;
  requestedBy: string;
  requestedAt: string;
  lapsesAt: string;
  confirmedById: string | null;
  confirmedBy: string | null;
  confirmedAs: Role | null;
  confirmedAt: string | null;
  until: string | null;
  endedBy: string | null;
  endedAt: string | null;
  endReason: string;
  reviewDueOn: string | null;
  overdue: boolean;
  escalatedAt: string | null;
  reviewedBy: string | null;
  reviewedAt: string | null;
  verdict: Verdict | null;
  findings: string;
  followUp: string;
  incident: string | null;
  answers: number;
};

const columns = (
  now: Date,
): SQL => sql`g.id, g.ref, ${stateAt(now)} as state, r.ref as release, model.name as model, model.tier,
  u.name as unit, model.business_unit_id as "unitId", v.version, g.environment, g.digest, g.hours, g.justification, g.passes,
  g.requested_by as "requestedById", q.name as "requestedBy", ${iso(sql`g.requested_at`)} as "requestedAt", ${iso(sql`g.lapses_at`)} as "lapsesAt",
  g.confirmed_by as "confirmedById", c.name as "confirmedBy", g.confirmed_as as "confirmedAs", ${iso(sql`g.confirmed_at`)} as "confirmedAt",
  ${iso(sql`g.until`)} as until, e.name as "endedBy", ${iso(sql`g.ended_at`)} as "endedAt", g.end_reason as "endReason",
  g.review_due_on::text as "reviewDueOn", coalesce(g.reviewed_at is null and g.review_due_on < ${dayOf(now)}::date, false) as overdue,
  ${iso(sql`g.escalated_at`)} as "escalatedAt", w.name as "reviewedBy", ${iso(sql`g.reviewed_at`)} as "reviewedAt", g.verdict, g.findings,
  g.follow_up as "followUp", i.ref as incident,
  (select count(*)::int from gate_check k where k.break_glass_id = g.id) as answers`;
const from = sql`from break_glass g join release r on r.id = g.release_id join model on model.id = g.model_id
  join model_version v on v.id = g.version_id join person q on q.id = g.requested_by left join business_unit u on u.id = model.business_unit_id
  left join person c on c.id = g.confirmed_by left join person e on e.id = g.ended_by left join person w on w.id = g.reviewed_by
  left join incident i on i.id = g.incident_id`;

/** Break-glasses, the newest first. */
export const findGlass = query({
  name: "break_glass.list",
  title: "List break-glass releases",
  http: { method: "GET", path: "/break-glass" },
  input: FindGlass,
  run: async (read, input, actor, now) => {
    const seen = seenReleases(actor);
    const { rows } = await read.execute<Glass>(sql`
      select ${columns(now)} ${from}
      where ${seen} and ${input.state ? sql`${stateAt(now)} = any(${sql.param(input.state)}::text[])` : sql`true`}
        and ${input.environment ? sql`g.environment = any(${sql.param(input.environment)}::text[])` : sql`true`}
        and ${input.model ? sql`model.name = ${input.model}` : sql`true`}
        and ${input.unit ? sql`model.business_unit_id in (${unitAndBelow(input.unit)})` : sql`true`}
        and ${input.quarter ? sql`${quarter} = any(${sql.param(input.quarter)}::text[])` : sql`true`}
        and ${input.after ? sql`(g.requested_at, g.id) < (select requested_at, id from break_glass where ref = ${input.after.toUpperCase()})` : sql`true`}
      order by g.requested_at desc, g.id desc limit ${input.limit + 1}`);
    const items = rows.slice(0, input.limit);
    return { items, next: rows.length > input.limit ? (items.at(-1)?.ref ?? null) : null };
  },
});

const quarter = sql`to_char(g.requested_at at time zone 'utc', 'YYYY-"Q"Q')`;
const unitAndBelow = (slug: string): SQL => sql`
  with recursive below (id) as (select id from business_unit where slug = ${slug}
    union all select b.id from business_unit b join below on b.parent_id = below.id) select id from below`;

/** What happened in one quarter in one unit. `inTime`: of those that opened the gate, looked at by their day. */
export type GlassCount = {
  quarter: string;
  unit: string | null;
  asked: number;
  opened: number;
  waitingReview: number;
  overdue: number;
  inTime: number;
  late: number;
  unjustified: number;
};

/** Counted for leadership, by quarter (UTC, of the asking) and the model's unit, the newest first. */
export const countGlass = query({
  name: "break_glass.counts",
  title: "Count break-glass releases by quarter and unit",
  http: { method: "GET", path: "/break-glass/counts" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    const { rows } = await read.execute<GlassCount>(sql`
      select ${quarter} as quarter, u.name as unit, count(*)::int as asked, count(g.confirmed_at)::int as opened,
        count(*) filter (where g.confirmed_at is not null and g.reviewed_at is null)::int as "waitingReview",
        count(*) filter (where g.reviewed_at is null and g.review_due_on < ${dayOf(now)}::date)::int as overdue,
        count(*) filter (where (g.reviewed_at at time zone 'utc')::date <= g.review_due_on)::int as "inTime",
        count(*) filter (where (g.reviewed_at at time zone 'utc')::date > g.review_due_on)::int as late,
        count(*) filter (where g.verdict = 'unjustified')::int as unjustified
      from break_glass g join model on model.id = g.model_id left join business_unit u on u.id = model.business_unit_id
      where ${seenReleases(actor)} group by 1, 2 order by 1 desc, 2 limit 400`);
    return { items: rows };
  },
});

/** One in full, with the answers that the gate gave by it. */
export const getGlass = query({
  name: "break_glass.get",
  title: "Read a break-glass release",
  http: { method: "GET", path: "/break-glass/{ref}" },
  input: z.strictObject({ ref: GlassRef }),
  run: async (read, { ref }, actor, now) => {
    const seen = seenReleases(actor);
    const { rows } = await read.execute<Glass & { requestStatement: string; confirmation: string | null }>(sql`
      select ${columns(now)}, encode(g.statement_sha256, 'hex') as "requestStatement", encode(g.confirmation_sha256, 'hex') as confirmation
      ${from} where g.ref = ${ref.toUpperCase()} and ${seen}`);
    const [found] = rows;
    if (!found) throw new Refusal("not_found", `There is no break-glass ${ref}.`);
    const { rows: gate } = await read.execute<{ id: string; askedBy: string; askedAt: string }>(sql`
      select k.id, k.asked_by as "askedBy", ${iso(sql`k.asked_at`)} as "askedAt" from gate_check k where k.break_glass_id = ${found.id}::uuid
      order by k.asked_at desc limit 20`);
    const history = await entriesFor(read, { subject: { kind: "break_glass", id: found.id }, limit: 20 });
    return { ...found, gate, history, rules: glassRules(await glassBy(read, ref, actor, now)) };
  },
});

/** Those of one release, the newest first. */
export async function glassOfRelease(read: Reader, releaseId: string, now: Date): Promise<Glass[]> {
  const { rows } = await read.execute<Glass>(sql`
    select ${columns(now)} ${from} where g.release_id = ${releaseId}::uuid order by g.requested_at desc limit 10`);
  return rows;
}

type Waiting = {
  ref: string;
  model: string;
  version: string;
  environment: string;
  requester: string;
  requested: string;
  confirmed: string | null;
  due: string | null;
} & { rules: Omit<GlassSubject, "now" | "confirmedAt" | "lapsesAt" | "until" | "endedAt" | "reviewedAt"> } & Record<
    "confirmedAt" | "lapsesAt" | "until" | "endedAt",
    string | null
  >;

/** Break-glasses that wait for the actor's confirmation, or for their look afterwards. */
export async function glassItems(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  if (!holds(actor, "releases:break_glass")) return [];
  const { rows } = await read.execute<Waiting>(sql`
    select g.ref, model.name as model, v.version, g.environment, q.name as requester, g.requested_at::text as requested,
      g.confirmed_at::text as confirmed, g.review_due_on::text as due, ${iso(sql`g.confirmed_at`)} as "confirmedAt", ${iso(sql`g.lapses_at`)} as "lapsesAt",
      ${iso(sql`g.until`)} as until, ${iso(sql`g.ended_at`)} as "endedAt",
      json_build_object('ref', g.ref, 'businessUnitId', model.business_unit_id, 'requestedBy', g.requested_by, 'confirmedBy', g.confirmed_by,
        'releaseStatus', r.status, 'releaseRequestedBy', r.requested_by,
        'trainedById', (select p.id from person p where lower(p.email) = lower(v.trained_by) or lower(p.name) = lower(v.trained_by)
          or split_part(lower(p.email), '@', 1) = lower(v.trained_by) limit 1),
        'ownerIds', array_remove(array[model.owner_id, model.backup_owner_id], null)) as rules
    from break_glass g join model on model.id = g.model_id join release r on r.id = g.release_id join model_version v on v.id = g.version_id
      join person q on q.id = g.requested_by
    where g.reviewed_at is null and (g.confirmed_at is not null or g.ended_at is null and g.lapses_at > ${now.toISOString()}::timestamptz)
    order by g.requested_at, g.id limit 100`);
  return rows.flatMap((row) => itemOf(actor, row, now));
}

function itemOf(actor: Actor, row: Waiting, now: Date): QueueItem[] {
  const date = (at: string | null) => (at === null ? null : new Date(at));
  const glass: GlassSubject = {
    ...row.rules,
    now,
    lapsesAt: new Date(row.lapsesAt ?? 0),
    confirmedAt: date(row.confirmedAt),
    until: date(row.until),
    endedAt: date(row.endedAt),
    reviewedAt: null,
  };
  const what = `${row.version} to ${row.environment === "prod" ? "production" : row.environment}`;
  const base = { ref: row.ref, href: `/releases/break-glass/${row.ref}`, model: row.model, lane: "Emergency" };
  if (mayConfirmGlass(actor, glass).ok)
    return [
      {
        ...base,
        title: `Break-glass: ${what}`,
        why: `${row.requester} asks for it; it needs a second person within the hour`,
        ask: "sign",
        promise: "one hour",
        due: null,
        since: row.requested,
        action: "Read and confirm",
      },
    ];
  if (mayReviewGlass(actor, glass).ok)
    return [
      {
        ...base,
        title: `Look at a break-glass: ${what}`,
        why: "The gate was opened in an emergency; someone who took no part looks at it",
        ask: "decide",
        promise: "later look",
        due: row.due,
        since: row.confirmed ?? row.requested,
        action: "Look at it",
      },
    ];
  return [];
}
