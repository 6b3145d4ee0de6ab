import { expect, test } from "vitest";
import { grouped, type QueueItem, sayQueue } from "./queue";

const item = (change: Partial<QueueItem>): QueueItem => ({
  ref: "REV-0001",
  href: "/reviews/REV-0001",
  title: "t",
  model: null,
  why: "w",
  ask: "decide",
  lane: "Full board",
  promise: "",
  due: null,
  since: "2026-11-01T00:00:00Z",
  action: "Vote",
  ...change,
});
const today = "2026-11-19";

test("an item appears once: overdue wins, then its ask; within a group the oldest promise comes first", () => {
  const found = grouped(
    [
      item({ ref: "B", due: "2026-11-24" }),
      item({ ref: "A", due: "2026-11-20" }),
      item({ ref: "OLD", ask: "condition", due: "2026-11-16" }),
      item({ ref: "S", ask: "sign" }),
      item({ ref: "NONE" }),
    ],
    today,
  );
  expect(found.map((g) => [g.group, g.items.map((i) => `${i.ref} ${i.left}`)])).toEqual([
    ["overdue", ["OLD -3"]],
    ["decide", ["A 1", "B 3", "NONE null"]],
    ["sign", ["S null"]],
  ]);
});

test("a promise broken over the weekend is overdue on the Sunday", () => {
  expect(grouped([item({ due: "2026-11-21" })], "2026-11-22")[0]?.group).toBe("overdue");
});

test("says how much waits, in words", () => {
  const many = [item({ due: "2026-11-16" }), item({ due: "2026-11-17" }), item({})];
  expect(sayQueue(many, today, "me")).toBe("Three things wait on you. Two are past the promised date.");
  expect(sayQueue([item({})], today, "board")).toBe("One thing waits on this board. None is past its promised date.");
  expect(sayQueue([], today, "me")).toBe("Nothing waits on you.");
});
