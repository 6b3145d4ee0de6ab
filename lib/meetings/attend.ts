import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { attendance } from "@/db/schema/meetings";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findPerson } from "@/lib/people/find";
import type { Seat } from "@/lib/reviews/review";
import { Attend, mayAttend } from "./live";
import { type LiveMeeting, lockedLive } from "./live-load";
import { meetingSubject } from "./load";

/** Notes that someone is in the room, in the seat that is theirs today. */
export async function enter(tx: Tx, meeting: LiveMeeting, personId: string, now: Date): Promise<Seat | null> {
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

/** Loads whom an attendance is about. */
const attending = async (tx: Tx, input: { ref: string; person?: string | undefined }, actor: Actor, now: Date) => ({
  meeting: await lockedLive(tx, input.ref, now),
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
