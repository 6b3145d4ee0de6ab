import type { Day } from "@/lib/core/business-days";

// Making a formatter costs a hundred times what using it does.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, made);
  return made;
}

/** Whether a name is a place in the IANA time zone database, or UTC. Offsets such as +01:00 know no daylight saving and are none. */
export function isZone(zone: string): boolean {
  if (zone !== "UTC" && !/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    // RangeError: Intl knows no such zone.
    return false;
  }
}

/** What the clocks of a zone show at an instant. */
export function localOf(at: Date, zone: string): { day: Day; time: string } {
  const parts: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(at)) parts[part.type] = part.value;
  return {
    day: `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
}

/** The difference to UTC in milliseconds that a zone keeps at an instant. */
function offsetAt(ms: number, zone: string): number {
  const { day, time } = localOf(new Date(ms), zone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(ms / 60_000) * 60_000;
}

/**
 * The instant at which the clocks of a zone show a local time. Where they are put forward over it, the instant at which they would
 * have shown it (02:30 becomes 03:30); where they show it twice, the first of the two. That is what calendars do (RFC 5545,
 * section 3.3.5).
 */
export function instantOf(day: Day, time: string, zone: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`);
  // The offset before and after any change of the clocks nearby; at most one change falls within a day.
  const before = offsetAt(wall - 86_400_000, zone);
  const after = offsetAt(wall + 86_400_000, zone);
  const first = wall - before;
  if (offsetAt(first, zone) === before) return new Date(first);
  const second = wall - after;
  return new Date(offsetAt(second, zone) === after ? second : first);
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Tue 24 Nov 2026" */
export function sayWeekday(day: Day): string {
  const at = new Date(`${day}T00:00:00Z`);
  return `${weekdays[at.getUTCDay()]} ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** "Tue 24 Nov 2026, 10:00 to 11:30 (Europe/Oslo)": on the clocks where the meeting is. */
export function sayMeetingTime(startsAt: Date, minutes: number, zone: string): string {
  const from = localOf(startsAt, zone);
  const until = localOf(new Date(startsAt.getTime() + minutes * 60_000), zone);
  return `${sayWeekday(from.day)}, ${from.time} to ${until.time} (${zone})`;
}
