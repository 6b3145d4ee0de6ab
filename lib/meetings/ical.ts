import "server-only";
import ical, { ICalCalendarMethod, ICalEventBusyStatus, ICalEventStatus } from "ical-generator";

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

/** Events as iCalendar (RFC 5545). Instants are in UTC, which every calendar shows on its reader's clocks. */
export function calendarText(events: readonly CalendarEvent[], origin: string, now: Date): string {
  const calendar = ical({
    name: "Countersign",
    prodId: { company: "Countersign", product: "Review board", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 3600,
  });
  for (const event of events) {
    const timed = "startsAt" in event.when;
    calendar.createEvent({
      id: `${event.uid}@${new URL(origin).hostname}`,
      sequence: event.sequence,
      stamp: now,
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
    });
  }
  return calendar.toString();
}
