import "server-only";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { agendaItems } from "@/db/schema/meetings";
import { mayReadBoard } from "@/lib/board/read";
import { holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { boardOf, reviewNamed } from "@/lib/reviews/load";
import { type Tally, tally } from "@/lib/reviews/quorum";
import type { Seat } from "@/lib/reviews/review";
import { attendanceOf, type Present } from "./attendance";
import { asideOf, discussed } from "./live";
import { itemWithStakes, withSeats } from "./live-load";
import { meetingNamed } from "./load";
import { MeetingRef } from "./meeting";

/**
 * A meeting while it is held: where it is, who is there, and how the item that is being discussed stands. Notes of an item are not
 * told to whom it does not concern: who is recused from it, has a stake in it, or may not read the review.
 */
export const meetingLive = query({
  name: "meeting.live.read",
  title: "Read where a meeting is: attendance, the present item, its quorum",
  http: { method: "GET", path: "/meetings/{ref}/live" },
  input: z.strictObject({ ref: MeetingRef }),
  async run(read, { ref }, actor, now) {
    insist(mayReadBoard(actor));
    const meeting = await withSeats(read, await meetingNamed(read, ref), now);
    const [rows, people] = await Promise.all([
      read.select().from(agendaItems).where(eq(agendaItems.meetingId, meeting.id)).orderBy(agendaItems.position),
      attendanceOf(read, meeting.id),
    ]);
    const here = people.filter((p) => p.leftAt === null);
    const items = await Promise.all(
      rows.map(async (row) => {
        const item = await itemWithStakes(read, row);
        const hidden = item.unitId !== undefined && !holds(actor, "reviews:read", item.unitId);
        const aside = asideOf(actor.id, item);
        return {
          id: item.id,
          title: hidden ? null : item.title,
          text: hidden ? "" : item.text,
          kind: item.kind,
          minutes: item.minutes,
          state: item.state,
          ledBy: item.ledBy,
          itemLeader: item.itemLeader,
          review: hidden ? null : item.review,
          aside,
          seconds: discussed(item, now),
          notes: hidden || aside ? null : { text: item.notes, revision: item.notesRevision, by: item.notesBy },
          leaves: hidden ? [] : leaves(here, item),
        };
      }),
    );
    const current = items.find((i) => i.id === meeting.currentItemId) ?? null;
    return {
      ref: meeting.ref,
      title: meeting.title,
      status: meeting.status,
      zone: meeting.zone,
      minutes: meeting.minutes,
      startsAt: meeting.startsAt,
      openedAt: meeting.openedAt,
      closedAt: meeting.closedAt,
      chairId: meeting.chairId,
      chair: meeting.chair,
      ledBy: meeting.ledBy,
      leader: meeting.leader,
      seats: meeting.seats,
      people,
      items,
      current,
      room: current?.review ? await roomFor(read, current.review.ref, here, now) : null,
      now: now.toISOString(),
    };
  },
});

/** Who is in the room and must leave it for this item. */
const leaves = (here: readonly Present[], item: Parameters<typeof asideOf>[1]) =>
  here.flatMap((p) => {
    const why = asideOf(p.personId, item);
    return why ? [{ personId: p.personId, name: p.name, why }] : [];
  });

export type Room = { base: number; needed: number; present: number; enough: boolean; missing: Seat[] };

/**
 * Whether those in the room could decide: the same tally as over votes, as if everyone present had voted. Recused people and
 * parties do not count.
 */
async function roomFor(read: Reader, ref: string, here: readonly Present[], now: Date): Promise<Room> {
  const review = await reviewNamed(read, ref);
  const { members } = await boardOf(read, review, dayOf(now));
  const inRoom = new Set(here.map((p) => p.personId));
  const state: Tally = tally(
    review.lane ?? "full_board",
    review.tier,
    members,
    members
      .filter((m) => inRoom.has(m.personId))
      .map((m) => ({ ...m, choice: "approve" as const, ...(m.standsFor ? { for: m.standsFor } : {}) })),
  );
  const taken = new Set(members.filter((m) => inRoom.has(m.personId)).map((m) => m.seat));
  return {
    base: state.base,
    needed: state.needed,
    present: state.present,
    enough: state.quorate,
    missing: [...new Set(members.map((m) => m.seat))].filter((seat) => !taken.has(seat)),
  };
}

/** A mark that changes whenever a meeting, its notes, attendance or the votes on its reviews do: screens ask it every few seconds. */
export const meetingPulse = query({
  name: "meeting.pulse.read",
  title: "Read whether anything changed in a meeting",
  http: { method: "GET", path: "/meetings/{ref}/pulse" },
  input: z.strictObject({ ref: MeetingRef }),
  async run(read, { ref }, actor) {
    insist(mayReadBoard(actor));
    const { rows } = await read.execute<{ mark: string }>(sql`
      select md5(concat_ws('|', m.status, m.revision, m.led_by, m.current_item_id,
        (select string_agg(concat(i.state, i.notes_revision, i.led_by, i.started_at, r.status, r.round), ',' order by i.position, i.id)
          from agenda_item i left join review r on r.id = i.review_id where i.meeting_id = m.id),
        (select string_agg(concat(a.person_id, a.left_at), ',' order by a.came_at, a.id) from meeting_attendance a where a.meeting_id = m.id),
        (select concat(count(*), max(v.cast_at), count(v.superseded_at)) from vote v join agenda_item i on i.review_id = v.review_id where i.meeting_id = m.id),
        (select count(*) from recusal c join agenda_item i on i.review_id = c.review_id where i.meeting_id = m.id))) as mark
      from meeting m where m.ref = ${ref.toUpperCase()}`);
    const [found] = rows;
    if (!found) await meetingNamed(read, ref);
    return { mark: found?.mark ?? "" };
  },
});
