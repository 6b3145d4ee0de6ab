import { expect, test } from "vitest";
import { factKey } from "@/lib/facts/catalogue";
import { valueFault } from "@/lib/facts/fact";
import { factsOf, Result, timeFault } from "./result";

const common = { model: "card-fraud", version: "7", endedAt: "2026-11-20T10:00:00Z" };
const told = (raw: unknown) => {
  const facts = factsOf(Result.parse(raw));
  for (const f of facts) {
    const known = factKey(f.key);
    expect(known && valueFault(known.type, f.value)).toBeNull();
  }
  return Object.fromEntries(facts.map((f) => [f.key, f.value]));
};

test("each kind of result stands for facts of the catalogue", () => {
  expect(told({ kind: "benchmark", ...common, latencyMs: { p99: 41.5 }, requestsPerSecond: 900 })).toEqual({
    "benchmark.ran_at": "2026-11-20T10:00:00.000Z",
    "benchmark.latency_p99_ms": 41.5,
    "benchmark.throughput": 900,
  });
  const load = (p99: number) =>
    told({
      kind: "load_test",
      ...common,
      peakMultiple: 2,
      latencyMs: { p99 },
      errorShare: 0.001,
      objectives: { latencyP99Ms: 300, errorShare: 0.01 },
    })["loadtest.within_slo"];
  expect([load(299), load(300), load(301)]).toEqual([true, true, false]);
  expect(
    told({
      kind: "canary",
      ...common,
      startedAt: "2026-11-20T09:00:00Z",
      trafficShare: 0.1,
      aborted: false,
      limits: [{ metric: "errors", value: 0.02, op: "<=", limit: 0.01 }],
    }),
  ).toMatchObject({ "canary.passed": false, "canary.minutes": 60 });
});

test("an evaluation holds only against thresholds that were fixed before it ran", () => {
  const evaluation = (fixedAt: string, value: number) => ({
    kind: "evaluation",
    ...common,
    startedAt: "2026-11-20T09:00:00Z",
    thresholds: [{ metric: "auc", value, op: ">=", threshold: 0.9, fixedAt }],
    baseline: { metric: "auc", value: 0.91 },
  });
  expect(told(evaluation("2026-11-01T00:00:00Z", 0.905))).toEqual({
    "eval.thresholds_met": true,
    "eval.beats_baseline": false,
  });
  expect(timeFault(Result.parse(evaluation("2026-11-20T09:00:00Z", 0.95)))).toBeNull();
  expect(timeFault(Result.parse(evaluation("2026-11-20T09:00:01Z", 0.95)))).toMatchObject({
    field: "thresholds.0.fixedAt",
  });
  expect(
    timeFault(Result.parse({ ...evaluation("2026-11-01T00:00:00Z", 1), endedAt: "2026-11-20T08:00:00Z" })),
  ).toMatchObject({ field: "endedAt" });
});

test("NaN, infinities and unknown fields are no results", () => {
  const base = { kind: "benchmark", ...common, latencyMs: { p99: 1 }, requestsPerSecond: 1 };
  for (const more of [
    { requestsPerSecond: Number.NaN },
    { requestsPerSecond: Number.POSITIVE_INFINITY },
    { requestsPerSecond: "NaN" },
    { latencyMs: { p99: -1 } },
    { gpu: "A100" },
  ])
    expect(Result.safeParse({ ...base, ...more }).success).toBe(false);
});
