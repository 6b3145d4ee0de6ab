import { expect, test } from "vitest";
import { cronGapHours } from "./cron";

test("a schedule's cadence is the longest time between two due times", () => {
  const hours: Readonly<Record<string, number | null>> = {
    "0 * * * *": 1,
    "*/15 * * * *": 0.25,
    "0 6 * * *": 24,
    "0 6,18 * * *": 12,
    "0 6 * * 1-5": 72,
    "0 6 * * MON-FRI": 72,
    "30 2 * * 0": 168,
    "30 2 * * 7": 168,
    "0 0 1 * *": 31 * 24,
    "0 0 1 1 *": 366 * 24,
    "0 0 29 2 *": (3 * 365 + 366) * 24,
    // The first of the month, or a Monday.
    "0 0 1 * 1": 168,
    "@daily": 24,
    "@Weekly": 168,
    // Quartz: seconds first, Sunday is 1, `?` leaves a field open.
    "0 0 6 * * ?": 24,
    "0 0 6 ? * MON-FRI": 72,
    "0 0 6 ? * 2-6 *": 72,
    "0 0/30 8-10 ? * *": 21.5,
    "0 0 6 ? * 1": 168,
    // What cannot be told.
    "0 0 6 L * ?": null,
    "0 0 6 ? * 6#3": null,
    "0 25 * * *": null,
    "61 * * * *": null,
    "*/0 * * * *": null,
    "every day": null,
    "": null,
    "@once": null,
  };
  for (const [expression, gap] of Object.entries(hours))
    expect([expression, cronGapHours(expression)]).toEqual([expression, gap]);
});
