import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { agendaItems, attendance, meetings } from "@/db/schema/meetings";
import { command, type Done } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { enter } from "./attend";
import { endCurrent } from "./discuss";
import { beginMinutes } from "./keep-minutes";
import { mayLead, mayOpen, mayTakeLead, OfMeeting, tooEarly } from "./live";
import { lockedLive } from "./live-load";
import { insistSeats, meetingSubject } from "./load";

type Opened = { ref: string; ledBy: string };

/** Of two who open at once, one does and leads; the other reads who. */
export const openMeeting = command({
  name: "meeting.opened",
  title: "Open a meeting",
  http: { method: "POST", path: "/meetings/{ref}/open" },
  input: OfMeeting,
  load: (tx, { ref }, _actor, now) => lockedLive(tx, ref, now),
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
  load: (tx, { ref }, _actor, now) => lockedLive(tx, ref, now),
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

export const closeMeeting = command({
  name: "meeting.closed",
  title: "Close a meeting",
  http: { method: "POST", path: "/meetings/{ref}/close" },
  input: OfMeeting,
  load: (tx, { ref }, _actor, now) => lockedLive(tx, ref, now),
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
