import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { givenPerson } from "@/lib/people/find";
import { boardFor } from "@/lib/reviews/load";
import { mandatory } from "@/lib/reviews/quorum";
import { emptySeats } from "./meeting";

export type Meeting = typeof meetings.$inferSelect;

export async function meetingNamed(read: Reader, ref: string): Promise<Meeting> {
  const [row] = await read.select().from(meetings).where(eq(meetings.ref, ref.toUpperCase()));
  if (!row) throw new Refusal("not_found", `There is no meeting ${ref}.`);
  return row;
}

/** The same, locked: what is done to one meeting is done one after the other. */
export async function lockedMeeting(tx: Tx, ref: string): Promise<Meeting> {
  const [row] = await tx.select().from(meetings).where(eq(meetings.ref, ref.toUpperCase())).for("update");
  if (!row) throw new Refusal("not_found", `There is no meeting ${ref}.`);
  return row;
}

/** The caller read an agenda; someone changed it in between. */
export function insistRevision(meeting: Meeting, revision: number): void {
  if (meeting.revision !== revision)
    throw new Refusal(
      "conflict",
      `${meeting.changedBy} changed ${meeting.ref} on ${sayMinute(meeting.changedAt)}, after you read it. Look at it again; nothing of yours was saved over it.`,
      [{ field: "revision", message: `The present revision is ${meeting.revision}.` }],
    );
}

/** Writes a change of a meeting's particulars or agenda, and makes it a new revision. */
export async function touch(
  tx: Tx,
  meeting: Meeting,
  actor: Actor,
  now: Date,
  set: Partial<typeof meetings.$inferInsert> = {},
): Promise<number> {
  const [row] = await tx
    .update(meetings)
    .set({ ...set, changedAt: now, changedBy: actor.name, revision: sql`${meetings.revision} + 1` })
    .where(and(eq(meetings.id, meeting.id), eq(meetings.revision, meeting.revision)))
    .returning({ revision: meetings.revision });
  if (!row) throw new Refusal("conflict", `Someone else changed ${meeting.ref} at the same time. Look at it again.`);
  return row.revision;
}

export const meetingSubject = (meeting: { id: string; ref: string }) => ({
  kind: "meeting",
  id: meeting.id,
  ref: meeting.ref,
});

/** A board that lacks a seat without which it can decide nothing has no meetings. */
export async function insistSeats(read: Reader): Promise<void> {
  const taken = (await boardFor(read, null)).map((m) => m.seat);
  const empty = emptySeats(mandatory(null), taken);
  if (empty) throw new Refusal("conflict", empty);
}

/** Who chairs: someone who holds the chair's seat. */
export async function givenChair(tx: Tx, key: string): Promise<{ id: string; name: string }> {
  const { id, name } = await givenPerson(tx, key, "chair");
  const seat = (await boardFor(tx, null)).find((m) => m.personId === id)?.seat;
  if (seat !== "chair") {
    const message = `${name} does not hold the chair's seat. Name someone with the role ARB chair.`;
    throw new Refusal("invalid", message, [{ field: "chair", message }]);
  }
  return { id, name };
}
