import "server-only";
import { inArray, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { Actor } from "@/lib/core/actor";
import { boardFor } from "@/lib/reviews/load";
import type { CalendarEvent } from "./ical";
import type { Meeting } from "./load";
import { agendaOf } from "./queries";
import { sayWeekday } from "./say";

/** A meeting as calendars show it, with the agenda as far as the reader may see it. */
export async function eventOf(read: Reader, meeting: Meeting, actor: Actor): Promise<CalendarEvent> {
  const items = await agendaOf(read, meeting.id, actor);
  const agenda = items.map(
    (item, i) =>
      `${i + 1}. ${item.review ? `${item.review.ref} ` : ""}${item.title ?? "A review"} (${item.minutes} min)`,
  );
  return {
    uid: meeting.id,
    sequence: meeting.sequence,
    changedAt: meeting.changedAt,
    cancelled: meeting.status === "cancelled",
    title: meeting.title,
    text: [
      ...(meeting.cancelledReason ? [`Cancelled: ${meeting.cancelledReason}`] : []),
      `Papers are read by ${sayWeekday(meeting.preReadOn)}.`,
      ...agenda,
    ].join("\n"),
    place: meeting.place,
    path: `/meetings/${meeting.ref}`,
    when: { startsAt: meeting.startsAt, endsAt: new Date(meeting.startsAt.getTime() + meeting.minutes * 60_000) },
  };
}

/** Meetings that concern a person, of the last 90 days and the year ahead: as a member, a delegate on its day, or for a review of theirs. */
export async function meetingsOf(read: Reader, actor: Actor, now: Date): Promise<CalendarEvent[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const sits = (await boardFor(read, null)).some((m) => m.personId === actor.id);
  const { rows } = await read.execute<{ id: string }>(sql`
    select m.id from meeting m
    where m.starts_at between ${at} - interval '90 days' and ${at} + interval '366 days' and (${sits}
      or exists (select 1 from board_delegate d where d.delegate_id = ${actor.id}::uuid and d.ended_at is null
        and (m.starts_at at time zone m.zone)::date between d.from_on and d.until_on)
      or exists (select 1 from agenda_item i join review r on r.id = i.review_id join model x on x.id = r.model_id
        where i.meeting_id = m.id and ${actor.id}::uuid in (r.created_by, x.owner_id, x.backup_owner_id)))
    order by m.starts_at, m.id limit 500`);
  if (rows.length === 0) return [];
  const found = await read
    .select()
    .from(meetings)
    .where(
      inArray(
        meetings.id,
        rows.map((r) => r.id),
      ),
    )
    .orderBy(meetings.startsAt);
  return Promise.all(found.map((meeting) => eventOf(read, meeting, actor)));
}

type Due = {
  id: string;
  ref: string;
  review: string;
  text: string;
  day: string;
  changed: string;
  kind: "condition" | "promise";
};

/** Days that are a person's: their open conditions, and by when their reviews are promised. */
export async function duesOf(read: Reader, actor: Actor): Promise<CalendarEvent[]> {
  const { rows } = await read.execute<Due>(sql`
    select c.id, c.ref, r.ref as review, c.text, c.due_on::text as day, d.decided_at as changed, 'condition' as kind
      from condition c join review r on r.id = c.review_id join review_decision d on d.id = c.decision_id
      where c.owner_id = ${actor.id}::uuid and c.status = 'open'
    union all select r.id, r.ref, r.ref, r.title, r.promised_on::text, r.updated_at, 'promise'
      from review r where r.created_by = ${actor.id}::uuid and r.status = 'in_review' and r.promised_on is not null
    order by day, ref limit 500`);
  return rows.map((due) => ({
    uid: due.id,
    sequence: 0,
    changedAt: new Date(due.changed),
    cancelled: false,
    title: due.kind === "condition" ? `${due.ref} is due` : `${due.ref}: the board's answer is promised`,
    text: due.text,
    place: "",
    path: `/reviews/${due.review}`,
    when: { day: due.day },
  }));
}
