import { expect, test } from "vitest";
import { catalogue, factKey, nearestKey } from "./catalogue";
import { isStale, valueFault } from "./fact";

test("keys are unique and every one has a meaning and a system that knows it", () => {
  expect(new Set(catalogue.map((k) => k.key)).size).toBe(catalogue.length);
  for (const entry of catalogue) {
    expect(entry.key).toMatch(/^[a-z]+\.[a-z][a-z0-9_]+$/);
    expect(entry.meaning).toMatch(/\.$/);
    if (entry.unit) expect(entry.type).toBe("number");
  }
});

test.each([
  ["run.comit", "run.commit"],
  ["slo_count", "slo.count"],
  ["artifact.diggest", "artifact.digest"],
  ["zzzzzzzz.qqqqqqqqqqqqqqqqq", null],
])("%s most likely meant %s", (wrong, right) => {
  expect(nearestKey(wrong)).toBe(right);
  expect(factKey(wrong)).toBeNull();
});

test.each([
  ["text", "abc", true],
  ["text", 3, false],
  ["number", Number.POSITIVE_INFINITY, false],
  ["instant", "2026-11-20T09:30:00Z", true],
  ["instant", "2026-11-20", false],
  ["instant", "2026-13-20T09:30:00Z", false],
  ["texts", ["a", "b"], true],
  ["texts", ["a", 1], false],
  ["numbers", { auc: 0.9 }, true],
  ["numbers", { auc: "0.9" }, false],
  ["record", { a: null, b: { c: 1 } }, false],
] as const)("%s takes %j: %s", (type, value, fits) => {
  expect(valueFault(type, value) === null).toBe(fits);
});

test("a fact is stale once its source was last read longer ago than its key allows", () => {
  const collectedAt = new Date("2026-11-20T08:00:00Z");
  expect(isStale({ collectedAt }, 1, new Date("2026-11-21T08:00:00Z"))).toBe(false);
  expect(isStale({ collectedAt }, 1, new Date("2026-11-21T08:00:01Z"))).toBe(true);
  expect(isStale({ collectedAt }, null, new Date("2036-11-21T08:00:01Z"))).toBe(false);
});
