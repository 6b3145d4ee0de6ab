import { z } from "zod";
import { instant } from "@/lib/core/when";
import type { Pushed } from "@/lib/facts/pushed";

const text = z.string().trim().min(1).max(250, "At most 250 characters.");
const share = z.number().min(0, "A share from 0 to 1.").max(1, "A share from 0 to 1.");
const ms = z.number().min(0, "Milliseconds, 0 or more.").max(3_600_000, "At most an hour.");
const common = {
  model: text,
  version: text,
  /** When the run ended. */
  endedAt: instant(),
  /** The CI job or run. */
  run: z.string().trim().max(500, "At most 500 characters.").optional(),
  /** Where the whole report is. */
  report: z
    .url({ protocol: /^https?$/, message: "An http or https address." })
    .max(2000)
    .optional(),
};
const latency = z.strictObject({ p50: ms.optional(), p95: ms.optional(), p99: ms });

/** How fast a version is on known hardware. */
const benchmark = z.strictObject({
  kind: z.literal("benchmark"),
  ...common,
  hardware: z.string().trim().max(250, "At most 250 characters.").optional(),
  /** Milliseconds. */
  latencyMs: latency,
  requestsPerSecond: z.number().min(0, "0 or more.").max(1e9),
});

/** Whether a version keeps its objectives under load. */
const loadTest = z.strictObject({
  kind: z.literal("load_test"),
  ...common,
  /** Load in expected peaks: 2 is twice the expected peak. */
  peakMultiple: z.number().gt(0, "Above 0.").max(1000),
  latencyMs: latency,
  errorShare: share,
  objectives: z.strictObject({ latencyP99Ms: ms, errorShare: share }),
});

const comparisons = ["<", "<=", ">", ">="] as const;
/** Scores against thresholds that were fixed before the run. */
const evaluation = z.strictObject({
  kind: z.literal("evaluation"),
  ...common,
  startedAt: instant(),
  thresholds: z
    .array(
      z.strictObject({
        metric: text,
        value: z.number(),
        op: z.enum(comparisons, `One of ${comparisons.join(" ")}.`),
        threshold: z.number(),
        /** When the threshold was fixed; not after the run began. */
        fixedAt: instant(),
      }),
    )
    .min(1, "Give at least one threshold.")
    .max(100, "At most 100 thresholds."),
  /** The same metric of the simple baseline, to be beaten. */
  baseline: z.strictObject({ metric: text, value: z.number() }).optional(),
  slices: z.number().int("A whole number.").min(0, "0 or more.").max(100_000).optional(),
  /** Largest gap between agreed groups. */
  fairnessGap: z.number().min(0, "0 or more.").max(1e9).optional(),
  independent: z.boolean().optional(),
});

/** How a version did on a part of real traffic. */
const canary = z.strictObject({
  kind: z.literal("canary"),
  ...common,
  startedAt: instant(),
  trafficShare: share,
  aborted: z.boolean(),
  limits: z
    .array(z.strictObject({ metric: text, value: z.number(), op: z.enum(comparisons), limit: z.number() }))
    .max(100, "At most 100 limits."),
});

export const Result = z.discriminatedUnion("kind", [benchmark, loadTest, evaluation, canary]);
export type Result = z.output<typeof Result>;

const holds = (value: number, op: (typeof comparisons)[number], limit: number): boolean =>
  op === "<" ? value < limit : op === "<=" ? value <= limit : op === ">" ? value > limit : value >= limit;

/** What is wrong with a result's times, by field; null: nothing. */
export function timeFault(r: Result): { field: string; message: string } | null {
  if ("startedAt" in r && Date.parse(r.startedAt) > Date.parse(r.endedAt))
    return { field: "endedAt", message: "Lies before startedAt." };
  if (r.kind === "evaluation")
    for (const [i, t] of r.thresholds.entries())
      if (Date.parse(t.fixedAt) > Date.parse(r.startedAt))
        return {
          field: `thresholds.${i}.fixedAt`,
          message: "A threshold that was fixed after the run began proves nothing. Fix it, and run again.",
        };
  return null;
}

/** The facts that a result stands for, by keys of the catalogue. */
export function factsOf(r: Result): Pushed[] {
  const { model, version, endedAt: effectiveAt } = r;
  const detail = r.report;
  const one = (key: string, value: Pushed["value"]): Pushed => ({
    model,
    version,
    key,
    value,
    effectiveAt,
    ...(detail ? { detail } : {}),
  });
  const instantOf = new Date(r.endedAt).toISOString();
  switch (r.kind) {
    case "benchmark":
      return [
        one("benchmark.ran_at", instantOf),
        one("benchmark.latency_p99_ms", r.latencyMs.p99),
        one("benchmark.throughput", r.requestsPerSecond),
      ];
    case "load_test":
      return [
        one("loadtest.ran_at", instantOf),
        one("loadtest.peak_multiple", r.peakMultiple),
        one("loadtest.error_share", r.errorShare),
        one("loadtest.latency_p99_ms", r.latencyMs.p99),
        one(
          "loadtest.within_slo",
          r.latencyMs.p99 <= r.objectives.latencyP99Ms && r.errorShare <= r.objectives.errorShare,
        ),
      ];
    case "evaluation": {
      const { baseline } = r;
      const against = r.thresholds.find((t) => t.metric === baseline?.metric);
      return [
        one(
          "eval.thresholds_met",
          r.thresholds.every((t) => holds(t.value, t.op, t.threshold)),
        ),
        ...(baseline && against
          ? [
              one(
                "eval.beats_baseline",
                against.op.startsWith(">") ? against.value > baseline.value : against.value < baseline.value,
              ),
            ]
          : []),
        ...(r.slices === undefined ? [] : [one("eval.slices", r.slices)]),
        ...(r.fairnessGap === undefined ? [] : [one("eval.fairness_gap", r.fairnessGap)]),
        ...(r.independent === undefined ? [] : [one("eval.independent", r.independent)]),
        ...(r.report === undefined ? [] : [one("eval.report", r.report)]),
      ];
    }
    case "canary":
      return [
        one("canary.ran_at", instantOf),
        one("canary.passed", !r.aborted && r.limits.every((l) => holds(l.value, l.op, l.limit))),
        one("canary.traffic_share", r.trafficShare),
        one("canary.minutes", Math.round((Date.parse(r.endedAt) - Date.parse(r.startedAt)) / 6000) / 10),
      ];
  }
}
