import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { agendaItems, meetings } from "@/db/schema/meetings";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { EndItem, LeadItem, mayLead, mayLeadItem, mayNote, mayTakeItem, SaveNotes, TakeUp } from "./live";
import { about, type ItemRow, type LiveItem, lockedItem } from "./live-load";
import type { Meeting } from "./load";

/** Ends what is being discussed; its time is kept. */
export async function endCurrent(tx: Tx, meeting: Meeting, now: Date): Promise<void> {
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

/** "REV-0041", or the title of what is no review. */
const said = (item: LiveItem): string => item.review?.ref ?? `“${item.title}”`;

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
        summary: `turned to ${said(item)} in ${meeting.ref}`,
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
        summary: `leads ${said(item)} in ${meeting.ref}, in which ${meeting.leader} has a stake`,
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
        summary: `ended ${said(item)} in ${meeting.ref}`,
        body: { item: item.id },
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
        summary: `wrote notes on ${said(item)} in ${meeting.ref}`,
        body: { item: item.id, revision, notes: input.notes },
      },
    };
  },
});
