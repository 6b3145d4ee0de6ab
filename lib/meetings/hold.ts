import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { agendaItems, attendance, meetings } from "@/db/schema/meetings";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findPerson } from "@/lib/people/find";
import { boardFor, delegationsOn, involved } from "@/lib/reviews/load";
import { seated } from "@/lib/reviews/quorum";
import type { Seat } from "@/lib/reviews/review";
import { beginMinutes } from "./keep-minutes";
import {
  Attend,
  EndItem,
  type ItemSubject,
  LeadItem,
  type LiveSubject,
  mayAttend,
  mayLead,
  mayLeadItem,
  mayNote,
  mayOpen,
  mayTakeItem,
  mayTakeLead,
  OfMeeting,
  SaveNotes,
  TakeUp,
  tooEarly,
} from "./live";
import { insistSeats, lockedMeeting, type Meeting, meetingSubject } from "./load";

export type LiveMeeting = Meeting & LiveSubject;

/** A meeting with who may sit in it today, as the rules of holding it see it. */
export async function withSeats(read: Reader, meeting: Meeting, now: Date): Promise<LiveMeeting> {
  const [all, delegations, { rows }] = await Promise.all([
    boardFor(read, null),
    delegationsOn(read, dayOf(now)),
    read.execute<{ chair: string; leader: string | null }>(sql`
      select c.name as chair, l.name as leader from meeting m join person c on c.id = m.chair_id
        left join person l on l.id = m.led_by where m.id = ${meeting.id}`),
  ]);
  const seats = seated(all, delegations, new Set()).members.map((m) => ({
    personId: m.personId,
    seat: m.seat,
    for: m.standsFor?.personId ?? null,
  }));
  return { ...meeting, chair: rows[0]?.chair ?? "", leader: rows[0]?.leader ?? null, seats };
}

const locked = async (tx: Tx, ref: string, now: Date) => withSeats(tx, await lockedMeeting(tx, ref), now);

type ItemRow = typeof agendaItems.$inferSelect;
/** `unitId` and `modelId`: of its review's model; undefined if it is no review. */
export type LiveItem = ItemRow & ItemSubject & { unitId?: string | null; modelId?: string };

/** The entry belongs to the model's history, and is read by whoever may read about it. */
const about = (meeting: Meeting, item: LiveItem) => ({
  subject: meetingSubject(meeting),
  ...(item.modelId ? { modelId: item.modelId } : {}),
});

/** An item with who has a stake in it. */
export async function itemWithStakes(read: Reader, item: ItemRow): Promise<LiveItem> {
  const [{ rows }, stakes] = await Promise.all([
    read.execute<{ ref: string | null; unit: string | null; model: string | null; leader: string | null }>(sql`
      select r.ref, m.business_unit_id as unit, m.id as model, p.name as leader from agenda_item i
        left join review r on r.id = i.review_id left join model m on m.id = r.model_id left join person p on p.id = i.led_by where i.id = ${item.id}`),
    item.reviewId ? involved(read, item.reviewId) : null,
  ]);
  const { ref, unit, model, leader } = rows[0] ?? {};
  return {
    ...item,
    itemLeader: leader ?? null,
    review: ref && stakes ? { ref, partyIds: stakes.parties, recusedIds: stakes.recused } : null,
    ...(model ? { unitId: unit ?? null, modelId: model } : {}),
  };
}

async function lockedItem(tx: Tx, ref: string, id: string, now: Date) {
  const meeting = await locked(tx, ref, now);
  const [row] = await tx
    .select()
    .from(agendaItems)
    .where(and(eq(agendaItems.id, id), eq(agendaItems.meetingId, meeting.id)));
  if (!row) throw new Refusal("not_found", `${meeting.ref} has no such item; someone may have taken it off.`);
  return { meeting, item: await itemWithStakes(tx, row) };
}

async function enter(tx: Tx, meeting: LiveMeeting, personId: string, now: Date): Promise<Seat | null> {
  const place = meeting.seats.find((s) => s.personId === personId);
  await tx
    .insert(attendance)
    .values({
      id: newId(),
      meetingId: meeting.id,
      personId,
      seat: place?.seat ?? null,
      forId: place?.for ?? null,
      cameAt: now,
    })
    .onConflictDoNothing();
  return place?.seat ?? null;
}

type Opened = { ref: string; ledBy: string };

/** Of two who open at once, one does and leads; the other reads who. */
export const openMeeting = command({
  name: "meeting.opened",
  title: "Open a meeting",
  http: { method: "POST", path: "/meetings/{ref}/open" },
  input: OfMeeting,
  load: (tx, { ref }, _actor, now) => locked(tx, ref, now),
  may: mayOpen,
  async run(tx, { subject: meeting, actor, now }): Promise<Done<Opened>> {
    const early = tooEarly(meeting, now);
    if (early) throw new Refusal("conflict", early);
    await insistSeats(tx);
    await tx
      .update(meetings)
      .set({ status: "open", openedAt: now, openedBy: actor.id, ledBy: actor.id })
      .where(and(eq(meetings.id, meeting.id), eq(meetings.status, "planned")));
    await enter(tx, meeting, actor.id, now);
    return {
      result: { ref: meeting.ref, ledBy: actor.name },
      entry: { subject: meetingSubject(meeting), summary: `opened ${meeting.ref}`, body: { ledBy: actor.id } },
    };
  },
});

export const takeLead = command({
  name: "meeting.lead.taken",
  title: "Take the lead of a meeting",
  http: { method: "POST", path: "/meetings/{ref}/lead" },
  input: OfMeeting,
  load: (tx, { ref }, _actor, now) => locked(tx, ref, now),
  may: mayTakeLead,
  async run(tx, { subject: meeting, actor, now }): Promise<Done<Opened>> {
    await tx.update(meetings).set({ ledBy: actor.id }).where(eq(meetings.id, meeting.id));
    await enter(tx, meeting, actor.id, now);
    return {
      result: { ref: meeting.ref, ledBy: actor.name },
      entry: {
        subject: meetingSubject(meeting),
        summary: `took the lead of ${meeting.ref} from ${meeting.leader}`,
        body: { from: meeting.ledBy, to: actor.id },
      },
    };
  },
});

/** Loads whom an attendance is about. */
const attending = async (tx: Tx, input: { ref: string; person?: string | undefined }, actor: Actor, now: Date) => ({
  meeting: await locked(tx, input.ref, now),
  person: await findPerson(tx, input.person ?? actor.id),
});

type Attended = { ref: string; person: string; seat: Seat | null };

export const joinMeeting = command({
  name: "meeting.joined",
  title: "Say that someone came to a meeting",
  http: { method: "POST", path: "/meetings/{ref}/attendance", status: 201 },
  input: Attend,
  load: attending,
  may: (actor, { meeting, person }) => mayAttend(actor, meeting, person.id),
  async run(tx, { subject: { meeting, person }, now }): Promise<Done<Attended> | Unchanged<Attended>> {
    const seat = meeting.seats.find((s) => s.personId === person.id)?.seat ?? null;
    const result = { ref: meeting.ref, person: person.name, seat };
    if (await present(tx, meeting.id, person.id)) return { unchanged: result };
    await enter(tx, meeting, person.id, now);
    return {
      result,
      entry: {
        subject: meetingSubject(meeting),
        summary: `noted that ${person.name} came to ${meeting.ref}`,
        body: { person: person.id, seat },
      },
    };
  },
});

export const leaveMeeting = command({
  name: "meeting.left",
  title: "Say that someone left a meeting",
  http: { method: "POST", path: "/meetings/{ref}/attendance/end" },
  input: Attend,
  load: attending,
  may: (actor, { meeting, person }) => mayAttend(actor, meeting, person.id),
  async run(tx, { subject: { meeting, person }, now }) {
    const [left] = await tx
      .update(attendance)
      .set({ leftAt: now })
      .where(and(eq(attendance.meetingId, meeting.id), eq(attendance.personId, person.id), isNull(attendance.leftAt)))
      .returning({ seat: attendance.seat });
    if (!left) throw new Refusal("conflict", `${person.name} is not in the meeting.`);
    return {
      result: { ref: meeting.ref, person: person.name },
      entry: {
        subject: meetingSubject(meeting),
        summary: `noted that ${person.name} left ${meeting.ref}`,
        body: { person: person.id, seat: left.seat },
      },
    };
  },
});

async function present(read: Reader, meetingId: string, personId: string): Promise<boolean> {
  const [row] = await read
    .select({ id: attendance.id })
    .from(attendance)
    .where(and(eq(attendance.meetingId, meetingId), eq(attendance.personId, personId), isNull(attendance.leftAt)));
  return row !== undefined;
}

/** Ends what is being discussed; its time is kept. */
async function endCurrent(tx: Tx, meeting: Meeting, now: Date): Promise<void> {
  await tx
    .update(agendaItems)
    .set({
      state: "done",
      endedAt: now,
      spent: sql`${agendaItems.spent} + greatest(0, round(extract(epoch from ${now.toISOString()}::timestamptz - ${agendaItems.startedAt})))::int`,
    })
    .where(and(eq(agendaItems.meetingId, meeting.id), eq(agendaItems.state, "current")));
}

async function begin(tx: Tx, meeting: Meeting, item: ItemRow, now: Date, ledBy: string | null): Promise<void> {
  await endCurrent(tx, meeting, now);
  // The round that is discussed, whatever was put on the agenda.
  const round = sql`(select r.round from review r where r.id = ${agendaItems.reviewId})`;
  await tx
    .update(agendaItems)
    .set({ state: "current", startedAt: now, endedAt: null, ledBy, round })
    .where(eq(agendaItems.id, item.id));
  await tx.update(meetings).set({ currentItemId: item.id }).where(eq(meetings.id, meeting.id));
}

type TakenUp = { ref: string; item: string };

/** Turns to an item. `current` says what the caller saw: of two who turn the page at once, one is told. */
export const takeUpItem = command({
  name: "meeting.item.begun",
  title: "Turn to an item of the agenda",
  http: { method: "POST", path: "/meetings/{ref}/items/{item}/begin" },
  input: TakeUp,
  load: (tx, { ref, item }, _actor, now) => lockedItem(tx, ref, item, now),
  may: (actor, { meeting, item }) => mayLeadItem(actor, meeting, item),
  async run(tx, { input, subject: { meeting, item }, now }): Promise<Done<TakenUp> | Unchanged<TakenUp>> {
    const result = { ref: meeting.ref, item: item.id };
    if (meeting.currentItemId === item.id && item.state === "current") return { unchanged: result };
    if (meeting.currentItemId !== input.current)
      throw new Refusal("conflict", "The meeting is at another item by now. Look where it is, then go on.", [
        { field: "current", message: "Not what is being discussed." },
      ]);
    await begin(tx, meeting, item, now, null);
    return {
      result,
      entry: {
        ...about(meeting, item),
        summary: `turned to ${item.review?.ref ?? `“${item.title}”`} in ${meeting.ref}`,
        body: { item: item.id, before: meeting.currentItemId },
      },
    };
  },
});

/** The chair has a stake: another member leads the item, and the meeting goes back to the chair after it. */
export const leadItem = command({
  name: "meeting.item.led",
  title: "Lead an item in which the chair has a stake",
  http: { method: "POST", path: "/meetings/{ref}/items/{item}/lead" },
  input: LeadItem,
  load: (tx, { ref, item }, _actor, now) => lockedItem(tx, ref, item, now),
  may: (actor, { meeting, item }) => mayTakeItem(actor, meeting, item),
  async run(tx, { subject: { meeting, item }, actor, now }): Promise<Done<TakenUp>> {
    if (item.state === "current")
      await tx.update(agendaItems).set({ ledBy: actor.id }).where(eq(agendaItems.id, item.id));
    else await begin(tx, meeting, item, now, actor.id);
    return {
      result: { ref: meeting.ref, item: item.id },
      entry: {
        ...about(meeting, item),
        summary: `leads ${item.review?.ref ?? `“${item.title}”`} in ${meeting.ref}, in which ${meeting.leader} has a stake`,
        body: { item: item.id, insteadOf: meeting.ledBy },
      },
    };
  },
});

export const endItem = command({
  name: "meeting.item.ended",
  title: "End the item that is being discussed",
  http: { method: "POST", path: "/meetings/{ref}/items/{item}/end" },
  input: EndItem,
  load: (tx, { ref, item }, _actor, now) => lockedItem(tx, ref, item, now),
  may: (actor, { meeting, item }) =>
    item.ledBy === actor.id && meeting.status === "open" ? { ok: true } : mayLead(actor, meeting),
  async run(tx, { subject: { meeting, item }, now }) {
    if (item.state !== "current") throw new Refusal("conflict", `“${item.title}” is not being discussed.`);
    await endCurrent(tx, meeting, now);
    await tx.update(meetings).set({ currentItemId: null }).where(eq(meetings.id, meeting.id));
    return {
      result: { ref: meeting.ref, item: item.id },
      entry: {
        ...about(meeting, item),
        summary: `ended ${item.review?.ref ?? `“${item.title}”`} in ${meeting.ref}`,
        body: { item: item.id },
      },
    };
  },
});

export const closeMeeting = command({
  name: "meeting.closed",
  title: "Close a meeting",
  http: { method: "POST", path: "/meetings/{ref}/close" },
  input: OfMeeting,
  load: (tx, { ref }, _actor, now) => locked(tx, ref, now),
  may: mayLead,
  async run(tx, { subject: meeting, actor, now }) {
    await endCurrent(tx, meeting, now);
    const skipped = await tx
      .update(agendaItems)
      .set({ state: "skipped" })
      .where(and(eq(agendaItems.meetingId, meeting.id), eq(agendaItems.state, "waiting")))
      .returning({ title: agendaItems.title });
    await tx
      .update(attendance)
      .set({ leftAt: now })
      .where(and(eq(attendance.meetingId, meeting.id), isNull(attendance.leftAt)));
    await tx
      .update(meetings)
      .set({ status: "closed", closedAt: now, currentItemId: null })
      .where(eq(meetings.id, meeting.id));
    await beginMinutes(tx, meeting, actor.name, now);
    return {
      result: { ref: meeting.ref, notReached: skipped.map((i) => i.title) },
      entry: {
        subject: meetingSubject(meeting),
        summary: `closed ${meeting.ref}${skipped.length > 0 ? `; ${skipped.length} ${skipped.length === 1 ? "item was" : "items were"} not reached` : ""}`,
        body: { notReached: skipped.map((i) => i.title) },
      },
    };
  },
});

type Saved = { ref: string; revision: number };

/** Notes of an item. Of two who write at once, the second is told whose words stand there, and keeps their own on the screen. */
export const saveNotes = command({
  name: "meeting.notes.saved",
  title: "Save the notes of an item",
  http: { method: "PUT", path: "/meetings/{ref}/items/{item}/notes" },
  input: SaveNotes,
  load: (tx, { ref, item }, _actor, now) => lockedItem(tx, ref, item, now),
  may: (actor, { meeting, item }) => mayNote(actor, meeting, item),
  async run(tx, { input, subject: { meeting, item }, actor }): Promise<Done<Saved> | Unchanged<Saved>> {
    if (item.notes === input.notes) return { unchanged: { ref: meeting.ref, revision: item.notesRevision } };
    if (item.notesRevision !== input.revision)
      throw new Refusal(
        "conflict",
        `${item.notesBy} wrote notes on this item meanwhile. Yours are still on your screen: take over what you need, then save.`,
        [{ field: "revision", message: `The present revision is ${item.notesRevision}.` }],
      );
    const revision = item.notesRevision + 1;
    await tx
      .update(agendaItems)
      .set({ notes: input.notes, notesRevision: revision, notesBy: actor.name })
      .where(eq(agendaItems.id, item.id));
    return {
      result: { ref: meeting.ref, revision },
      entry: {
        ...about(meeting, item),
        summary: `wrote notes on ${item.review?.ref ?? `“${item.title}”`} in ${meeting.ref}`,
        body: { item: item.id, revision, notes: input.notes },
      },
    };
  },
});
