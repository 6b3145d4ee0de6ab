import { type Calendar, endOfWork, localDay } from "@/lib/calendars/calendar";
import { addBusinessDays, businessDaysBetween, type Day } from "@/lib/core/business-days";
import { type Lane, lanePromise } from "./review";

/** Until when the board owes its decision: the instant, and its day where the calendar is. */
export type Promised = { at: Date; on: Day };

const hour = 3_600_000;

/**
 * The promise of a lane (governance.md section 6.2), counted from the first submission in the calendar of the model's business
 * unit: the end of work on the last business day; in an emergency one hour by the clock, whatever day it is.
 */
export function promised(lane: Lane, submittedAt: Date, calendar: Calendar): Promised {
  if (lane === "emergency") {
    const at = new Date(submittedAt.getTime() + hour);
    return { at, on: localDay(calendar, at) };
  }
  const on = addBusinessDays(localDay(calendar, submittedAt), lanePromise[lane], calendar);
  return { at: endOfWork(calendar, on), on };
}

type Clocked = { promisedAt: Date | null; promisedOn: Day | null; decidedAt: Date | null };

/**
 * What a review is still owed: business days left in its calendar, negative when they are over, null when nothing is owed. A
 * promise can be late by hours and by no day yet.
 */
export function owed(review: Clocked, now: Date, calendar: Calendar): { daysLeft: number | null; late: boolean } {
  if (!review.promisedAt || !review.promisedOn || review.decidedAt) return { daysLeft: null, late: false };
  return {
    daysLeft: businessDaysBetween(localDay(calendar, now), review.promisedOn, calendar),
    late: now > review.promisedAt,
  };
}

/** The promise in words, as rules and queues say it. */
export const promiseText = (lane: Lane): string =>
  lane === "emergency"
    ? "within one hour"
    : `within ${lanePromise[lane]} business ${lanePromise[lane] === 1 ? "day" : "days"}`;
