import { expect, test } from "vitest";
import { worth } from "./backlog";
import { burnDown } from "./burn-down";
import { endOfQuarter, quarterAfter, quarterOf, quartersFrom } from "./quarter";

const at = (text: string) => new Date(`${text}T12:00:00Z`);

test("a cohort burns down as its items are closed; what is open counts in the present quarter as of now", () => {
  const { cohorts, quarters } = burnDown(
    [
      { points: 5, openedAt: at("2026-02-10"), closedAt: at("2026-05-01") },
      { points: 8, openedAt: at("2026-03-01"), closedAt: null },
      { points: 3, openedAt: at("2026-08-20"), closedAt: at("2026-11-10") },
      { points: 2, openedAt: at("2026-11-01"), closedAt: null },
    ],
    at("2026-11-20"),
  );
  expect(cohorts).toEqual(["2026-Q1", "2026-Q3", "2026-Q4"]);
  expect(
    quarters.map((q) => [q.quarter, q.remaining["2026-Q1"], q.remaining["2026-Q3"], q.remaining["2026-Q4"], q.total]),
  ).toEqual([
    ["2026-Q1", 13, 0, 0, 13],
    ["2026-Q2", 8, 0, 0, 8],
    ["2026-Q3", 8, 3, 0, 11],
    ["2026-Q4", 8, 0, 2, 10],
  ]);
  expect(burnDown([], at("2026-11-20")).quarters).toEqual([]);
});

test("an item that is closed at the very end of a quarter no longer stands in the next", () => {
  const end = endOfQuarter("2026-Q2");
  const item = { points: 4, openedAt: at("2026-04-01"), closedAt: end };
  expect(burnDown([item], at("2026-08-01")).quarters.map((q) => q.total)).toEqual([4, 0]);
});

test("quarters count over the year's end", () => {
  expect(quarterOf(new Date("2026-12-31T23:59:59.999Z"))).toBe("2026-Q4");
  expect(quarterOf(endOfQuarter("2026-Q4"))).toBe("2027-Q1");
  expect(quarterAfter("2026-Q4")).toBe("2027-Q1");
  expect(quarterAfter("2026-Q1", -1)).toBe("2025-Q4");
  expect(quartersFrom("2025-Q3", "2026-Q2")).toEqual(["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]);
  expect(quartersFrom("2020-Q1", "2026-Q2", 2)).toEqual(["2026-Q1", "2026-Q2"]);
});

test.each([
  ["debt", { gain: 4, points: 8, models: 6 }, 0.5],
  ["capability", { gain: 4, points: 8, models: 6 }, 3],
  ["capability", { gain: 4, points: 8, models: 0 }, 0.5],
] as const)("worth of %s %j is %d", (kind, item, expected) => {
  expect(worth(kind, item)).toBe(expected);
});
