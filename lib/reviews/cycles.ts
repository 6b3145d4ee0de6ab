import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { minutesPerDay, workClock } from "@/lib/calendars/calendar";
import { allCalendars } from "@/lib/calendars/find";
import { clocks } from "./clocks";
import type { Lane, ReviewStatus } from "./review";
import { spansIn, statesOf, type Told } from "./spans";

/** A review as the board's measures see it. Days are business days in the calendar of its promise, with fractions. */
export type Cycle = {
  ref: string;
  title: string;
  model: string;
  unit: string | null;
  tier: number | null;
  lane: Lane;
  status: ReviewStatus;
  submittedAt: Date;
  decidedAt: Date | null;
  promisedAt: Date | null;
  boardDays: number;
  submitterDays: number;
  totalDays: number;
  /** How often the board handed it back: changes asked for, or deferred. */
  bounces: number;
  /** Findings that ask for something; notes do not. */
  findings: number;
  conditions: number;
  dissent: boolean;
  /** The review that turned its approval round within six months. */
  reversedBy: string | null;
};

type Row = Omit<
  Cycle,
  "submittedAt" | "decidedAt" | "promisedAt" | "boardDays" | "submitterDays" | "totalDays" | "bounces"
> & {
  submitted_at: string;
  decided_at: string | null;
  promised_at: string | null;
  calendar_id: string | null;
  spans: Told;
};

const handedBack: readonly ReviewStatus[] = ["changes_requested", "deferred"];

/** Submitted reviews `r` of models `m` that meet a condition, with their clocks as of `now`; their states are read from the history of rows. */
export async function cyclesWhere(read: Reader, where: SQL, now: Date, limit = 20_000): Promise<Cycle[]> {
  const [{ rows }, calendarOf] = await Promise.all([
    read.execute<Row>(sql`
      with r as (
        select r.id, r.ref, r.title, r.model_id, r.lane, r.status, r.round, r.submitted_at, r.decided_at, r.promised_at, r.calendar_id, m.name as model, m.tier, u.name as unit from review r join model m on m.id = r.model_id
          left join business_unit u on u.id = m.business_unit_id
        where r.submitted_at is not null and r.lane is not null and ${where}
        order by r.submitted_at desc limit ${limit}
      ), span as (
        ${statesOf(sql`select id from r`, now)}
      ), found as (
        select f.review_id, count(*)::int as n from finding f where f.review_id in (select id from r) and f.severity <> 'note' group by 1
      ), cond as (
        select c.review_id, count(*)::int as n from condition c where c.review_id in (select id from r) and c.status <> 'withdrawn' group by 1
      )
      select r.ref, r.title, r.model, r.unit, r.tier, r.lane, r.status, r.submitted_at, r.decided_at, r.promised_at, r.calendar_id,
        coalesce(span.spans, '[]') as spans, coalesce(found.n, 0) as findings, coalesce(cond.n, 0) as conditions,
        exists (select from vote v where v.review_id = r.id and v.round = r.round and v.superseded_at is null and (
          (v.choice = 'reject' and r.status in ('approved', 'approved_with_conditions')) or
          (v.choice like 'approve%' and r.status = 'rejected'))) as dissent,
        case when r.status in ('approved', 'approved_with_conditions') then (
          select x.ref from review x where x.model_id = r.model_id and x.status = 'rejected' and x.decided_at > r.decided_at
            and x.decided_at <= r.decided_at + interval '6 months' order by x.decided_at limit 1) end as "reversedBy"
      from r left join span on span.row_id = r.id left join found on found.review_id = r.id left join cond on cond.review_id = r.id
      order by r.submitted_at desc`),
    allCalendars(read),
  ]);
  const clockOf = new Map<string | null, ReturnType<typeof workClock> & { perDay: number }>();
  return rows.map(({ submitted_at, decided_at, promised_at, calendar_id, spans, ...row }) => {
    let clock = clockOf.get(calendar_id);
    if (!clock) {
      const calendar = calendarOf(calendar_id);
      clock = { ...workClock(calendar), perDay: minutesPerDay(calendar) };
      clockOf.set(calendar_id, clock);
    }
    const stood = spansIn(spans);
    const { board, submitter, total } = clocks(stood, now, clock.minutes);
    const { perDay } = clock;
    return {
      ...row,
      submittedAt: new Date(submitted_at),
      decidedAt: decided_at === null ? null : new Date(decided_at),
      promisedAt: promised_at === null ? null : new Date(promised_at),
      boardDays: board / perDay,
      submitterDays: submitter / perDay,
      totalDays: total / perDay,
      // A state is kept anew with every save, so a stay counts once however often it was saved.
      bounces: stood.filter((s, i) => handedBack.includes(s.status) && stood[i - 1]?.status !== s.status).length,
    };
  });
}
