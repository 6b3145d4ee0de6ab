import "server-only";
import { eq, sql } from "drizzle-orm";
import { agendaItems, meetings } from "@/db/schema/meetings";
import { calendarOfUnit } from "@/lib/calendars/find";
import { businessDaysBefore } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { instantOf } from "@/lib/core/zone-instant";
import { givenChair, insistRevision, insistSeats, lockedMeeting, meetingSubject, touch } from "./load";
import { CancelMeeting, MoveMeeting, mayArrange, mayChangePlan, PlanMeeting } from "./meeting";
import { sayMeetingTime } from "./say";

/** A meeting of its own, outside any series. */
export const planMeeting = command({
  name: "meeting.planned",
  title: "Plan a meeting",
  http: { method: "POST", path: "/meetings", status: 201 },
  input: PlanMeeting,
  load: async (_tx, input) => input,
  may: (actor) => mayArrange(actor),
  async run(tx, { input, actor, now }) {
    const startsAt = ahead(input.on, input.time, input.zone, now);
    await insistSeats(tx);
    const chair = await givenChair(tx, input.chair ?? actor.id);
    const { calendar } = await calendarOfUnit(tx, null);
    const meeting = {
      id: newId(),
      ref: await nextRef(tx, "mtg"),
      title: input.title,
      startsAt,
      zone: input.zone,
      minutes: input.minutes,
      place: input.place,
      preReadDays: input.preReadDays,
      preReadOn: businessDaysBefore(input.on, input.preReadDays, calendar),
      chairId: chair.id,
      status: "planned" as const,
      createdAt: now,
      changedAt: now,
      changedBy: actor.name,
    };
    await tx.insert(meetings).values(meeting);
    return {
      result: { ref: meeting.ref, startsAt: startsAt.toISOString() },
      entry: {
        subject: meetingSubject(meeting),
        summary: `planned ${meeting.ref}, ${meeting.title}, for ${sayMeetingTime(startsAt, meeting.minutes, meeting.zone)}`,
        body: { ...input, chair: chair.id },
      },
    };
  },
});

export const moveMeeting = command({
  name: "meeting.moved",
  title: "Move a meeting",
  http: { method: "POST", path: "/meetings/{ref}/move" },
  input: MoveMeeting,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangePlan,
  async run(tx, { input, subject: meeting, actor, now }) {
    insistRevision(meeting, input.revision);
    const startsAt = ahead(input.on, input.time, meeting.zone, now);
    const minutes = input.minutes ?? meeting.minutes;
    const place = input.place ?? meeting.place;
    if (startsAt.getTime() === meeting.startsAt.getTime() && minutes === meeting.minutes && place === meeting.place)
      return { unchanged: { ref: meeting.ref, startsAt: startsAt.toISOString() } };
    const { calendar } = await calendarOfUnit(tx, null);
    const preReadOn = businessDaysBefore(input.on, meeting.preReadDays, calendar);
    await touch(tx, meeting, actor, now, { startsAt, minutes, place, preReadOn, sequence: meeting.sequence + 1 });
    // What came in time for the new day is late no more.
    await tx
      .update(agendaItems)
      .set({ late: sql`(${agendaItems.addedAt} at time zone ${meeting.zone})::date > ${preReadOn}::date` })
      .where(eq(agendaItems.meetingId, meeting.id));
    return {
      result: { ref: meeting.ref, startsAt: startsAt.toISOString() },
      entry: {
        subject: meetingSubject(meeting),
        summary: `moved ${meeting.ref} to ${sayMeetingTime(startsAt, minutes, meeting.zone)}`,
        body: {
          from: { startsAt: meeting.startsAt.toISOString(), minutes: meeting.minutes, place: meeting.place },
          to: { startsAt: startsAt.toISOString(), minutes, place },
          reason: input.reason,
        },
      },
    };
  },
});

export const cancelMeeting = command({
  name: "meeting.cancelled",
  title: "Cancel a meeting",
  http: { method: "POST", path: "/meetings/{ref}/cancel" },
  input: CancelMeeting,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangePlan,
  async run(tx, { input, subject: meeting, actor, now }) {
    await touch(tx, meeting, actor, now, {
      status: "cancelled",
      cancelledReason: input.reason,
      sequence: meeting.sequence + 1,
    });
    return {
      result: { ref: meeting.ref },
      entry: {
        subject: meetingSubject(meeting),
        summary: `cancelled ${meeting.ref} of ${sayMeetingTime(meeting.startsAt, meeting.minutes, meeting.zone)}`,
        body: { reason: input.reason },
      },
    };
  },
});

/** The instant of a local time that must lie ahead, at most a year. */
function ahead(on: string, time: string, zone: string, now: Date): Date {
  const startsAt = instantOf(on, time, zone);
  const days = (startsAt.getTime() - now.getTime()) / 86_400_000;
  if (days <= 0 || days > 366) {
    const message = days <= 0 ? "This time is over. Choose one that lies ahead." : "At most a year ahead.";
    throw new Refusal("invalid", message, [{ field: "on", message }]);
  }
  return startsAt;
}
