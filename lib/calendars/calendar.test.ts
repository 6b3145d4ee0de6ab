import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addBusinessDays } from "@/lib/core/business-days";
import { instantOf } from "@/lib/core/zone-instant";
import { type Calendar, HolidayLine, localDay, minutesPerDay, plainCalendar, workClock } from "./calendar";

const berlin: Calendar = { ...plainCalendar, slug: "de", name: "Berlin", timeZone: "Europe/Berlin" };
const newYork: Calendar = { ...plainCalendar, slug: "us", name: "New York", timeZone: "America/New_York" };
const gulf: Calendar = { ...plainCalendar, timeZone: "Asia/Riyadh", weekdays: new Set([7, 1, 2, 3, 4]) };

test("the local day is the calendar's own", () => {
  const late = new Date("2026-03-02T23:30:00Z");
  expect(localDay(berlin, late)).toBe("2026-03-03");
  expect(localDay(newYork, late)).toBe("2026-03-02");
});

test("a working week may begin on Sunday", () => {
  expect(addBusinessDays("2026-11-19", 1, gulf)).toBe("2026-11-22");
});

describe("clock changes", () => {
  test.each([
    ["Europe/Berlin", "2026-03-27", "17:00", "2026-03-27T16:00:00.000Z"],
    ["Europe/Berlin", "2026-03-30", "17:00", "2026-03-30T15:00:00.000Z"],
    ["America/New_York", "2026-03-06", "17:00", "2026-03-06T22:00:00.000Z"],
    ["America/New_York", "2026-03-09", "17:00", "2026-03-09T21:00:00.000Z"],
    // 02:30 does not come on the day that summer time begins, and comes twice on the day that it ends.
    ["Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00.000Z"],
    ["Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00.000Z"],
  ])("in %s %s at %s is %s", (zone, day, time, instant) => {
    expect(instantOf(day, time, zone).toISOString()).toBe(instant);
  });

  test("a working day is worth eight hours on both sides of a change", () => {
    const { minutes } = workClock(berlin);
    expect(minutes(new Date("2026-03-27T15:00:00Z"), new Date("2026-03-30T08:00:00Z"))).toBe(60 + 60);
    expect(minutes(new Date("2026-03-23T00:00:00Z"), new Date("2026-04-06T00:00:00Z"))).toBe(10 * 480);
  });
});

test("nights, weekends and holidays do not count", () => {
  const { minutes } = workClock({ ...berlin, holidays: new Set(["2026-12-25"]) });
  expect(minutes(new Date("2026-12-24T15:30:00Z"), new Date("2026-12-28T08:30:00Z"))).toBe(30 + 30);
  expect(minutes(new Date("2026-12-25T08:00:00Z"), new Date("2026-12-27T23:00:00Z"))).toBe(0);
  expect(minutes(new Date("2026-12-28T09:00:00Z"), new Date("2026-12-28T08:00:00Z"))).toBe(0);
});

test("time adds up wherever it is cut, across years too", () => {
  const clock = workClock({ ...newYork, holidays: new Set(["2026-01-01", "2025-12-25"]) });
  const instant = fc.date({ min: new Date("2024-06-01"), max: new Date("2027-06-01"), noInvalidDate: true });
  fc.assert(
    fc.property(instant, instant, instant, (a, b, c) => {
      const [x, y, z] = [a, b, c].sort((p, q) => p.getTime() - q.getTime()) as [Date, Date, Date];
      expect(clock.minutes(x, y) + clock.minutes(y, z)).toBeCloseTo(clock.minutes(x, z), 6);
      expect(clock.minutes(x, z)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});

test("what a day is worth", () => {
  expect(minutesPerDay({ ...berlin, workFrom: "08:30", workTo: "17:00" })).toBe(510);
});

test.each([
  ["2026-12-25 Christmas Day", { day: "2026-12-25", name: "Christmas Day" }],
  ["2026-02-30 Nothing", null],
  ["Christmas Day", null],
  ["2026-12-25", null],
])("the holiday line %s", (line, read) => {
  const parsed = HolidayLine.safeParse(line);
  expect(parsed.success ? parsed.data : null).toEqual(read);
});
