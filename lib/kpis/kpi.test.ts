import { describe, expect, test } from "vitest";
import { compute, median, quantile, type Row, type Rule, wilson } from "./kpi";

const frame = { scope: "Group", window: { from: "2026-09-01", to: "2026-11-20" }, asOf: "2026-11-20T00:00:00.000Z" };
const row = (state: Row["state"], value: number | null = null, why = "because"): Row => ({
  id: "x",
  label: "x",
  href: "/",
  unitId: null,
  state,
  why,
  value,
  at: null,
});
const rows = (met: number, notMet: number, unknown: number, excluded = 0): Row[] => [
  ...Array.from({ length: met }, () => row("met")),
  ...Array.from({ length: notMet }, () => row("not_met")),
  ...Array.from({ length: unknown }, () => row("unknown", null, "never assessed")),
  ...Array.from({ length: excluded }, () => row("excluded", null, "retired")),
];
const compliance: Rule = {
  id: "k",
  family: "compliance",
  kind: "share",
  target: { min: 90, max: null },
  minimumN: 5,
  methodVersion: "1",
};
const performance: Rule = { ...compliance, family: "performance", target: { min: null, max: 10 } };

describe("a compliance share", () => {
  test("counts what nobody measured against the headline, and shows the range", () => {
    expect(compute(compliance, rows(80, 0, 20), frame)).toMatchObject({
      value: 80,
      low: 80,
      high: 100,
      coverage: 0.8,
      status: "cannot_tell",
    });
  });
  test("is met only when even the worst case meets the target", () => {
    expect(compute(compliance, rows(95, 0, 5), frame).status).toBe("met");
    expect(compute(compliance, rows(89, 0, 11), frame).status).toBe("cannot_tell");
  });
  test("is missed when even the best case does not", () => {
    expect(compute(compliance, rows(80, 15, 5), frame).status).toBe("missed");
  });
  test("keeps exclusions out of the population and counts them by reason", () => {
    const result = compute(compliance, rows(9, 1, 0, 3), frame);
    expect(result).toMatchObject({ eligible: 10, value: 90, excludedByReason: { retired: 3 } });
  });
  test("says too few for an empty or small population, never a green number", () => {
    expect(compute(compliance, [], frame)).toMatchObject({ value: null, status: "too_few" });
    expect(compute(compliance, rows(4, 0, 0), frame).status).toBe("too_few");
  });
});

describe("a performance share", () => {
  test("has its headline over what is known, and is never met under 80 % coverage", () => {
    const all = compute(performance, rows(1, 19, 0), frame);
    expect(all).toMatchObject({ value: 5, status: "met" });
    const half = compute({ ...performance, target: { min: null, max: 60 } }, rows(1, 9, 10), frame);
    expect(half).toMatchObject({ value: 10, low: 5, high: 55, status: "cannot_tell" });
  });
});

describe("a median", () => {
  const rule: Rule = { ...performance, kind: "median", target: { min: null, max: 10 }, minimumN: 1 };
  test("ranges up to where the open ones are taking it", () => {
    const result = compute(
      rule,
      [row("met", 4), row("met", 8), row("not_met", 12), row("unknown", 30), row("unknown", 2)],
      frame,
    );
    expect(result).toMatchObject({ value: 8, low: 8, high: 8, n: 3, coverage: 0.6, status: "cannot_tell" });
  });
  test("without known values has no number", () => {
    expect(compute(rule, [row("unknown", 3)], frame)).toMatchObject({ value: null, status: "cannot_tell" });
  });
});

test("quantiles interpolate; the median of none is nothing", () => {
  expect(quantile([1, 2, 3, 4], 0.85)).toBeCloseTo(3.55);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNull();
});

test("the Wilson interval of 9 in 10 runs from 60 to 98 percent", () => {
  const interval = wilson(9, 10);
  expect(interval?.low).toBeCloseTo(59.6, 0);
  expect(interval?.high).toBeCloseTo(98.2, 0);
  expect(wilson(0, 0)).toBeNull();
});
