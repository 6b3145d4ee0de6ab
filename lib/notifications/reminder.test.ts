import { expect, test } from "vitest";
import type { QueueItem } from "@/lib/queue/queue";
import { reminderOf } from "./reminder";

const item: QueueItem = {
  ref: "CON-0001",
  href: "/reviews/REV-0001#CON-0001",
  title: "Drill the rollback",
  model: "card-fraud-score",
  why: "You own it",
  ask: "condition",
  lane: "Full board",
  promise: "of REV-0001",
  due: "2026-11-20",
  since: "2026-10-01",
  action: "Give evidence",
};

test.each<[string, string, string | null]>([
  ["of REV-0001", "2026-11-16", null],
  ["of REV-0001", "2026-11-17", "3 is due in 3 days"],
  ["of REV-0001", "2026-11-19", "3 is due tomorrow"],
  ["of REV-0001", "2026-11-20", "0 is due today"],
  ["of REV-0001", "2026-11-21", "-1 is past its day"],
  ["of REV-0001", "2026-12-30", "-1 is past its day"],
  ["runs out", "2026-10-20", null],
  ["runs out", "2026-10-21", "30 is due in 30 days"],
  ["runs out", "2026-11-05", "30 is due in 15 days"],
  ["runs out", "2026-11-06", "14 is due in 14 days"],
  ["runs out", "2026-11-20", "3 is due today"],
])("what is promised as “%s” for 20 November is reminded of on %s: %s", (promise, today, expected) => {
  const reminder = reminderOf({ ...item, promise }, today);
  const threshold = reminder?.key.split(" ").at(-1);
  expect(reminder && `${threshold} ${/is .*?(?=:)/.exec(reminder.what)?.[0]}`).toBe(expected);
});

test("across a change of clocks days are days", () => {
  expect(reminderOf({ ...item, due: "2026-10-26" }, "2026-10-23")?.key).toMatch(/ 3$/);
});

test("what has no day, and campaigns, which remind by themselves, are left alone", () => {
  expect(reminderOf({ ...item, due: null }, "2026-11-20")).toBeNull();
  expect(reminderOf({ ...item, href: "/campaigns/CMP-0001/mine" }, "2026-11-20")).toBeNull();
});

test("a due day that is moved is another reminder", () => {
  const before = reminderOf(item, "2026-11-20");
  const after = reminderOf({ ...item, due: "2026-11-22" }, "2026-11-20");
  expect(after?.key).not.toBe(before?.key);
});
