import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { mayReadBoard } from "@/lib/board/read";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { isUuid } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import type { Lane, ReviewStatus } from "@/lib/reviews/review";
import { meetingNamed } from "./load";
import { type ItemKind, MeetingRef, type MeetingStatus } from "./meeting";
import { isLate, type SeriesRule } from "./slots";

export type MeetingRow = {
  id: string;
  ref: string;
  title: string;
  startsAt: string;
  zone: string;
  minutes: number;
  place: string;
  preReadOn: string;
  status: MeetingStatus;
  cancelledReason: string | null;
  chair: string;
  items: number;
  used: number;
};

export const meetingViews = ["ahead", "past"] as const;

/** Meetings ahead, the next first, or past ones, the last first. One in session is ahead until it is closed. */
export const meetingList = query({
  name: "meetings.listed",
  title: "List meetings",
  http: { method: "GET", path: "/meetings" },
  input: z.strictObject({
    view: z.enum(meetingViews).default("ahead"),
    after: z.string().max(100).optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  async run(read, { view, after, limit }, actor, now) {
    insist(mayReadBoard(actor));
    const ahead = view === "ahead";
    // A meeting that nobody opened is past once its time is over.
    const over = sql`m.starts_at + m.minutes * interval '1 minute' < ${now.toISOString()}::timestamptz`;
    const where = ahead
      ? sql`(m.status = 'open' or (m.status in ('planned', 'cancelled') and not (${over})))`
      : sql`(m.status = 'closed' or (m.status in ('planned', 'cancelled') and ${over}))`;
    const { rows } = await read.execute<MeetingRow>(sql`
      select m.id, m.ref, m.title, m.starts_at as "startsAt", m.zone, m.minutes, m.place, m.pre_read_on::text as "preReadOn", m.status,
        m.cancelled_reason as "cancelledReason", p.name as chair,
        (select count(*)::int from agenda_item i where i.meeting_id = m.id) as items,
        (select coalesce(sum(i.minutes), 0)::int from agenda_item i where i.meeting_id = m.id) as used
      from meeting m join person p on p.id = m.chair_id
      where ${where} and ${cursor(after, ahead)}
      order by m.starts_at ${ahead ? sql`asc` : sql`desc`}, m.id ${ahead ? sql`asc` : sql`desc`} limit ${limit + 1}`);
    const items = rows.slice(0, limit).map((m) => ({ ...m, startsAt: new Date(m.startsAt).toISOString() }));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, next: last ? `${last.startsAt}_${last.id}` : null };
  },
});

function cursor(after: string | undefined, ahead: boolean): SQL {
  if (after === undefined) return sql`true`;
  const [at = "", id = ""] = after.split("_");
  if (!z.iso.datetime().safeParse(at).success || !isUuid(id))
    throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
      { field: "after", message: "Not a page mark." },
    ]);
  const mark = sql`(${at}::timestamptz, ${id}::uuid)`;
  return ahead ? sql`(m.starts_at, m.id) > ${mark}` : sql`(m.starts_at, m.id) < ${mark}`;
}

export type SeriesRow = {
  id: string;
  name: string;
  rule: SeriesRule;
  startsOn: string;
  localTime: string;
  zone: string;
  minutes: number;
  place: string;
  preReadDays: number;
  chair: string;
};

export const seriesList = query({
  name: "meeting.series.listed",
  title: "List the series of meetings",
  http: { method: "GET", path: "/meeting-series" },
  input: z.strictObject({}),
  async run(read, _input, actor) {
    insist(mayReadBoard(actor));
    const { rows } = await read.execute<SeriesRow>(sql`
      select s.id, s.name, s.rule, s.starts_on::text as "startsOn", s.local_time as "localTime", s.zone, s.minutes, s.place,
        s.pre_read_days as "preReadDays", p.name as chair
      from meeting_series s join person p on p.id = s.chair_id where s.ended_on is null order by s.created_at, s.id limit 200`);
    return { items: rows };
  },
});

/** What became of a review since it was put on the agenda. */
export type Since = "resubmitted" | "withdrawn" | "decided" | "with_author" | null;

export type AgendaItem = {
  id: string;
  kind: ItemKind;
  /** Null: of a business unit whose reviews the reader may not see. */
  title: string | null;
  text: string;
  minutes: number;
  late: boolean;
  addedBy: string;
  review: {
    ref: string;
    model: string;
    tier: number | null;
    lane: Lane | null;
    status: ReviewStatus;
    round: number;
    promisedOn: string | null;
  } | null;
  since: Since;
};

type ItemRow = Omit<AgendaItem, "review" | "since" | "title"> & {
  title: string;
  itemRound: number | null;
  unit: string | null;
  reviewRef: string | null;
  model: string;
  tier: number | null;
  lane: Lane | null;
  status: ReviewStatus;
  round: number;
  promisedOn: string | null;
};

/** The agenda in its order, as far as the actor may read it. */
export async function agendaOf(read: Reader, meetingId: string, actor: Actor): Promise<AgendaItem[]> {
  const { rows } = await read.execute<ItemRow>(sql`
    select i.id, i.kind, i.title, i.text, i.minutes, i.late, p.name as "addedBy", i.round as "itemRound", r.ref as "reviewRef",
      m.name as model, m.tier, m.business_unit_id as unit, r.lane, r.status, r.round, r.promised_on::text as "promisedOn"
    from agenda_item i join person p on p.id = i.added_by
      left join review r on r.id = i.review_id left join model m on m.id = r.model_id
    where i.meeting_id = ${meetingId}::uuid order by i.position, i.id`);
  return rows.map((row) => {
    const { id, kind, text, minutes, late, addedBy } = row;
    const own = { id, kind, text, minutes, late, addedBy };
    if (!row.reviewRef) return { ...own, title: row.title, review: null, since: null };
    if (!holds(actor, "reviews:read", row.unit)) return { ...own, text: "", title: null, review: null, since: null };
    const { reviewRef: ref, model, tier, lane, status, round, promisedOn } = row;
    return {
      ...own,
      title: row.title,
      review: { ref, model, tier, lane, status, round, promisedOn },
      since: sinceOf(status, round, row.itemRound),
    };
  });
}

function sinceOf(status: ReviewStatus, round: number, added: number | null): Since {
  if (status === "withdrawn") return "withdrawn";
  if (status === "changes_requested" || status === "deferred" || status === "draft") return "with_author";
  if (status !== "in_review") return "decided";
  return round !== added ? "resubmitted" : null;
}

export const meetingGet = query({
  name: "meeting.read",
  title: "Read a meeting and its agenda",
  http: { method: "GET", path: "/meetings/{ref}" },
  input: z.strictObject({ ref: MeetingRef }),
  async run(read, { ref }, actor, now) {
    insist(mayReadBoard(actor));
    const meeting = await meetingNamed(read, ref);
    const [items, { rows }] = await Promise.all([
      agendaOf(read, meeting.id, actor),
      read.execute<{ chair: string; series: string | null }>(sql`
        select p.name as chair, (select s.name from meeting_series s where s.id = m.series_id) as series
        from meeting m join person p on p.id = m.chair_id where m.id = ${meeting.id}`),
    ]);
    return {
      ...meeting,
      chair: rows[0]?.chair ?? "",
      series: rows[0]?.series ?? null,
      today: dayOf(now),
      lateFromNow: isLate(now, meeting.zone, meeting.preReadOn),
      items,
      used: items.reduce((n, i) => n + i.minutes, 0),
    };
  },
});

export type WaitingReview = { ref: string; title: string; model: string; lane: Lane | null; promisedOn: string | null };

/** Reviews in review that are on no agenda, by promised date: what can still be put on one. */
export async function waitingReviews(read: Reader, actor: Actor): Promise<WaitingReview[]> {
  const { rows } = await read.execute<WaitingReview & { unit: string | null }>(sql`
    select r.ref, r.title, m.name as model, r.lane, r.promised_on::text as "promisedOn", m.business_unit_id as unit
    from review r join model m on m.id = r.model_id
    where r.status = 'in_review' and r.lane in ('full_board', 'fast_track') and not exists (
      select 1 from agenda_item i join meeting g on g.id = i.meeting_id
      where i.review_id = r.id and g.status in ('planned', 'open'))
    order by r.promised_on nulls last, r.id limit 100`);
  return rows.filter((r) => holds(actor, "reviews:read", r.unit));
}
