import type { Day } from "@/lib/core/business-days";
import { localOf } from "@/lib/core/zone";

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
