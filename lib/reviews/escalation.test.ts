import { describe, expect, test } from "vitest";
import { type Calendar, plainCalendar } from "@/lib/calendars/calendar";
import { passesToFastTrack, stepsDue } from "./escalation";

const berlin: Calendar = {
  ...plainCalendar,
  timeZone: "Europe/Berlin",
  workTo: "18:00",
  holidays: new Set(["2026-04-03", "2026-04-06"]),
};
const ids = (kind: Parameters<typeof stepsDue>[0], since: { at: string; on: string }, now: string) =>
  stepsDue(kind, { at: new Date(since.at), on: since.on }, new Date(now), berlin).map((s) => s.id);

describe("a promise due on Tuesday 31 March at 18:00 in Berlin, before Easter", () => {
  const promise = { at: "2026-03-31T16:00:00Z", on: "2026-03-31" };
  test.each([
    ["2026-03-31T16:00:00Z", []],
    ["2026-03-31T16:00:01Z", ["missed"]],
    ["2026-04-02T16:00:00Z", ["missed"]],
    ["2026-04-02T16:00:01Z", ["missed", "missed_2"]],
    // Good Friday and Easter Monday are off: the fifth business day is Thursday 9 April.
    ["2026-04-09T15:59:00Z", ["missed", "missed_2"]],
    ["2026-04-09T16:01:00Z", ["missed", "missed_2", "missed_5"]],
  ])("at %s", (now, due) => {
    expect(ids("promise", promise, now)).toEqual(due);
  });
});

test.each([
  ["2026-03-05T12:00:00Z", []],
  // Half an hour before midnight UTC it is the sixth in Berlin.
  ["2026-03-05T23:30:00Z", ["overdue_5"]],
  ["2026-03-16T08:00:00Z", ["overdue_5", "overdue_15"]],
  ["2026-03-31T08:00:00Z", ["overdue_5", "overdue_15", "overdue_30"]],
])("a condition due on 1 March, at %s, in days of the calendar", (now, due) => {
  expect(ids("condition", { at: "2026-03-01T00:00:00Z", on: "2026-03-01" }, now)).toEqual(due);
});

test("a disagreement is before the chair at once", () => {
  const since = { at: "2026-03-02T10:00:00Z", on: "2026-03-02" };
  expect(ids("disagreement", since, "2026-03-02T10:00:00Z")).toEqual(["raised"]);
  expect(ids("disagreement", since, "2026-03-10T10:00:00Z")).toEqual(["raised", "open_2", "open_5"]);
});

test("only tiers 3 and 4 pass to the fast track, and only from the full board", () => {
  const at = (tier: number | null, lane: "full_board" | "fast_track") => passesToFastTrack("missed_5", { tier, lane });
  expect([at(1, "full_board"), at(2, "full_board"), at(null, "full_board"), at(3, "fast_track")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect([at(3, "full_board"), at(4, "full_board")]).toEqual([true, true]);
  expect(passesToFastTrack("missed_2", { tier: 4, lane: "full_board" })).toBe(false);
});
