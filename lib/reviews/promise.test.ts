import { describe, expect, test } from "vitest";
import { type Calendar, plainCalendar } from "@/lib/calendars/calendar";
import { owed, promised } from "./promise";

const berlin: Calendar = {
  ...plainCalendar,
  timeZone: "Europe/Berlin",
  workTo: "18:00",
  holidays: new Set(["2026-04-03", "2026-04-06"]),
};
const newYork: Calendar = { ...plainCalendar, timeZone: "America/New_York", workTo: "17:00" };

describe("promises in two zones", () => {
  test.each([
    // Easter 2026: Good Friday and Easter Monday are off in Berlin, and summer time has begun in both zones.
    ["fast_track", berlin, "2026-04-01T10:00:00Z", "2026-04-08", "2026-04-08T16:00:00.000Z"],
    ["fast_track", newYork, "2026-04-01T10:00:00Z", "2026-04-06", "2026-04-06T21:00:00.000Z"],
    // Summer time begins between the submission and the promise: 18:00 stays 18:00.
    ["fast_track", berlin, "2026-03-26T10:00:00Z", "2026-03-31", "2026-03-31T16:00:00.000Z"],
    ["full_board", berlin, "2026-03-02T23:30:00Z", "2026-03-17", "2026-03-17T17:00:00.000Z"],
    ["full_board", newYork, "2026-03-02T23:30:00Z", "2026-03-16", "2026-03-16T21:00:00.000Z"],
    // Handed in on a Sunday: the first business day is Monday.
    ["self_service", newYork, "2026-03-08T15:00:00Z", "2026-03-09", "2026-03-09T21:00:00.000Z"],
    // An hour is an hour, on Saturday night too.
    ["emergency", berlin, "2026-03-28T23:40:00Z", "2026-03-29", "2026-03-29T00:40:00.000Z"],
  ] as const)("%s handed in at %#", (lane, calendar, submitted, on, at) => {
    const promise = promised(lane, new Date(submitted), calendar);
    expect([promise.on, promise.at.toISOString()]).toEqual([on, at]);
  });
});

test("days that are left skip what the calendar has off, and lateness begins with the instant", () => {
  const { at, on } = promised("fast_track", new Date("2026-04-01T10:00:00Z"), berlin);
  const open = { promisedAt: at, promisedOn: on, decidedAt: null };
  const asked = (now: string) => owed(open, new Date(now), berlin);
  expect(asked("2026-04-02T10:00:00Z")).toEqual({ daysLeft: 2, late: false });
  expect(asked("2026-04-08T15:59:59Z")).toEqual({ daysLeft: 0, late: false });
  expect(asked("2026-04-08T16:00:01Z")).toEqual({ daysLeft: 0, late: true });
  expect(asked("2026-04-13T09:00:00Z")).toEqual({ daysLeft: -3, late: true });
  expect(owed({ ...open, decidedAt: at }, at, berlin)).toEqual({ daysLeft: null, late: false });
});
