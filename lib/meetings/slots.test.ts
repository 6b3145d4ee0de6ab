import { expect, test } from "vitest";
import { sayMeetingTime } from "./say";
import { slotsOf } from "./slots";

test("weekly and fortnightly keep the step from the first meeting, wherever one begins to look", () => {
  expect(slotsOf("weekly", "2026-03-03", "2026-03-01", "2026-03-20")).toEqual([
    "2026-03-03",
    "2026-03-10",
    "2026-03-17",
  ]);
  expect(slotsOf("fortnightly", "2026-03-03", "2026-03-04", "2026-04-20")).toEqual([
    "2026-03-17",
    "2026-03-31",
    "2026-04-14",
  ]);
  expect(slotsOf("weekly", "2026-03-03", "2026-03-03", "2026-03-03")).toEqual(["2026-03-03"]);
  expect(slotsOf("weekly", "2026-03-03", "2026-01-01", "2026-02-01")).toEqual([]);
});

test("monthly keeps the weekday and its place in the month; a fifth one is the last", () => {
  expect(slotsOf("monthly", "2026-03-10", "2026-03-01", "2026-07-01")).toEqual([
    "2026-03-10",
    "2026-04-14",
    "2026-05-12",
    "2026-06-09",
  ]);
  expect(slotsOf("monthly", "2026-03-31", "2026-03-01", "2026-06-30")).toEqual([
    "2026-03-31",
    "2026-04-28",
    "2026-05-26",
    "2026-06-30",
  ]);
  expect(slotsOf("monthly", "2026-12-08", "2027-01-01", "2027-02-28")).toEqual(["2027-01-12", "2027-02-09"]);
});

test("a meeting's time is said on the clocks where it is", () => {
  expect(sayMeetingTime(new Date("2026-11-24T09:00:00Z"), 90, "Europe/Oslo")).toBe(
    "Tue 24 Nov 2026, 10:00 to 11:30 (Europe/Oslo)",
  );
});
