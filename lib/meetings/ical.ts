import "server-only";
import ical, {
  ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  type ICalEventData,
  ICalEventStatus,
} from "ical-generator";

/** What a calendar shows: at a time, or on a day. `uid` never changes; `sequence` grows with each move. */
export type CalendarEvent = {
  uid: string;
  sequence: number;
  changedAt: Date;
  cancelled: boolean;
  title: string;
  text: string;
  place: string;
  /** Page of the portal. */
  path: string;
  when: { startsAt: Date; endsAt: Date } | { day: string };
};

const product = { company: "Countersign", product: "Review board", language: "EN" };

/** Events as iCalendar (RFC 5545). Instants are in UTC, which every calendar shows on its reader's clocks. */
export function calendarText(events: readonly CalendarEvent[], origin: string, now: Date): string {
  const calendar = ical({ name: "Countersign", prodId: product, method: ICalCalendarMethod.PUBLISH, ttl: 3600 });
  for (const event of events) calendar.createEvent(asEvent(event, origin, now));
  return calendar.toString();
}

export type Invitation = { method: "REQUEST" | "CANCEL"; content: string };
type Mailbox = { name: string; address: string };

/**
 * An event as one person is invited to it, told that it moved, or that it is off (iTIP, RFC 5546, sections 3.2.2 and 3.2.5): the same
 * `uid` with a greater `sequence` takes the place of what their calendar holds. No answer is asked for: who is there is said in the portal.
 */
export function invitation(event: CalendarEvent, from: Mailbox, to: Mailbox, origin: string): Invitation {
  const method = event.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = ical({ prodId: product, method });
  const entry = calendar.createEvent(asEvent(event, origin, event.changedAt));
  entry.organizer({ name: from.name, email: from.address });
  entry.createAttendee({ name: to.name, email: to.address, rsvp: false, status: ICalAttendeeStatus.NEEDSACTION });
  return { method, content: calendar.toString() };
}

function asEvent(event: CalendarEvent, origin: string, stamp: Date): ICalEventData {
  const timed = "startsAt" in event.when;
  return {
    id: `${event.uid}@${new URL(origin).hostname}`,
    sequence: event.sequence,
    stamp,
    lastModified: event.changedAt,
    summary: event.cancelled ? `Cancelled: ${event.title}` : event.title,
    description: event.text,
    ...(event.place ? { location: event.place } : {}),
    url: new URL(event.path, origin).href,
    status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    busystatus: timed && !event.cancelled ? ICalEventBusyStatus.BUSY : ICalEventBusyStatus.FREE,
    ...("startsAt" in event.when
      ? { start: event.when.startsAt, end: event.when.endsAt }
      : { start: new Date(`${event.when.day}T00:00:00Z`), allDay: true, timezone: "UTC" }),
  };
}
