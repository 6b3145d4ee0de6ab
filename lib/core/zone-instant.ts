import { Temporal } from "temporal-polyfill";
import type { Day } from "./business-days";

/**
 * The instant at which the clocks of a zone show a local time. Where they are put forward over it, as long after the change as it
 * would have been before it (02:30 becomes 03:30); where they show it twice, the first of the two. That is what calendars do
 * (RFC 5545, section 3.3.5; Temporal's "compatible").
 */
export const instantOf = (day: Day, time: string, zone: string): Date =>
  new Date(Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).epochMilliseconds);
