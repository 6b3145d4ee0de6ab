import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Slo } from "@/lib/connectors/slo";

/** An SLO that a file defines. `query` is the good share over a window, with {{.window}} for its length. */
export type FileSlo = Pick<Slo, "service" | "declared" | "name" | "objective" | "windowDays" | "policy"> & {
  query: string;
};

export type SloFile = { slos: FileSlo[]; faults: string[] };

const most = 500;
const text = z.string().min(1).max(4000);
const name = z.string().min(1).max(200);
const marks = z
  .record(z.string(), z.coerce.string())
  .nullish()
  .transform((m) => m ?? {});
const metadata = z.looseObject({ name, namespace: name.optional(), labels: marks, annotations: marks });
const percent = z.coerce.number().gt(0, "A percentage above 0.").lt(100, "A percentage below 100.");

/** Sloth, prometheus/v1 and as a Kubernetes object, which differ in their spelling alone (sloth.dev). */
const slothSlo = z
  .looseObject({
    name,
    objective: percent,
    labels: marks,
    sli: z.looseObject({
      events: z
        .looseObject({
          error_query: text.optional(),
          total_query: text.optional(),
          errorQuery: text.optional(),
          totalQuery: text.optional(),
        })
        .optional(),
      raw: z.looseObject({ error_ratio_query: text.optional(), errorRatioQuery: text.optional() }).optional(),
    }),
    alerting: z.looseObject({ annotations: marks, labels: marks }).optional(),
  })
  .transform((s, ctx) => {
    const errors = s.sli.events?.error_query ?? s.sli.events?.errorQuery;
    const total = s.sli.events?.total_query ?? s.sli.events?.totalQuery;
    const raw = s.sli.raw?.error_ratio_query ?? s.sli.raw?.errorRatioQuery;
    if (errors && total) return { ...s, query: share(errors, total) };
    if (raw) return { ...s, query: `1 - (${raw})` };
    ctx.addIssue({ code: "custom", path: ["sli"], message: "Give the queries of events, or a raw error ratio." });
    return z.NEVER;
  });
const slothService = z.looseObject({ service: name, labels: marks, slos: z.array(slothSlo).min(1).max(most) });
const slothFile = slothService.extend({ version: z.literal("prometheus/v1") });
const slothObject = z.looseObject({ metadata, spec: slothService });

/** Pyrra's ServiceLevelObjective (pyrra.dev/v1alpha1). */
const metric = z.looseObject({ metric: text });
const pyrraObject = z.looseObject({
  metadata,
  spec: z.looseObject({
    target: percent,
    window: z.string().max(20),
    indicator: z.looseObject({
      ratio: z.looseObject({ errors: metric, total: metric }).optional(),
      latency: z.looseObject({ success: metric, total: metric }).optional(),
      bool_gauge: metric.optional(),
      boolGauge: metric.optional(),
    }),
  }),
});

/** OpenSLO v1 (github.com/OpenSLO/OpenSLO). */
const source = z.looseObject({
  metricSource: z.looseObject({
    type: z.string().max(100).optional(),
    spec: z.union([text, z.looseObject({ query: text })]),
  }),
});
const indicatorSpec = z.looseObject({
  ratioMetric: z
    .looseObject({
      counter: z.boolean().default(false),
      good: source.optional(),
      bad: source.optional(),
      total: source,
    })
    .optional(),
  thresholdMetric: source.optional(),
});
const openSlo = z.looseObject({
  metadata,
  spec: z.looseObject({
    service: name,
    indicator: z.looseObject({ spec: indicatorSpec }).optional(),
    indicatorRef: name.optional(),
    timeWindow: z
      .array(z.looseObject({ duration: z.string().max(20) }))
      .max(1)
      .default([]),
    objectives: z
      .array(
        z.looseObject({
          displayName: name.optional(),
          target: z.number().gt(0).lt(1).optional(),
          targetPercent: percent.optional(),
          op: z.enum(["lte", "gte", "lt", "gt"]).optional(),
          value: z.number().optional(),
        }),
      )
      .min(1)
      .max(20),
  }),
});
const openSli = z.looseObject({ metadata, spec: indicatorSpec });

const head = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  version: z.string().optional(),
});

/**
 * Reads SLOs of Sloth, Pyrra and OpenSLO from YAML of one or more documents; `faults` say in words what cannot be understood, and in
 * which document. The model is named by the label, or by the annotation `countersign/model`.
 */
export function parseSloFile(content: string, modelLabel: string): SloFile {
  const out: SloFile = { slos: [], faults: [] };
  const documents = parseAllDocuments(content, { logLevel: "silent" });
  const read: { at: string; value: unknown; kind: z.output<typeof head> }[] = [];
  for (const [i, document] of (Array.isArray(documents) ? documents : []).entries()) {
    const at = `document ${i + 1}`;
    const [error] = document.errors;
    if (error) {
      out.faults.push(`${at}: ${error.message.split("\n")[0]}`);
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 50 });
    } catch (cause) {
      out.faults.push(`${at}: ${cause instanceof Error ? cause.message : "not understood"}`);
      continue;
    }
    if (value === null) continue;
    const kind = head.safeParse(value);
    if (kind.success) read.push({ at, value, kind: kind.data });
    else out.faults.push(`${at}: is no object.`);
  }
  const markOf = (...all: Readonly<Record<string, string>>[]) => ({
    declared: pick(all, [modelLabel, "countersign/model"]),
    policy: pick(all, ["countersign_error_budget_policy", "countersign/error-budget-policy"]),
  });
  const take = <S extends z.ZodType>(at: string, schema: S, value: unknown, each: (v: z.output<S>) => void) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return each(parsed.data);
    const [issue] = parsed.error.issues;
    out.faults.push(`${at}, ${issue?.path.join(".") || "as a whole"}: ${issue?.message ?? "not understood"}`);
  };
  const indicators = new Map<string, z.output<typeof indicatorSpec>>();
  for (const { at, value, kind } of read)
    if (kind.kind === "SLI") take(at, openSli, value, (v) => indicators.set(v.metadata.name, v.spec));
  for (const { at, value, kind } of read) {
    const sloth = (s: z.output<typeof slothService>, ...more: Readonly<Record<string, string>>[]) => {
      for (const slo of s.slos)
        out.slos.push({
          service: s.service,
          name: slo.name,
          objective: ratioOf(slo.objective),
          windowDays: 30,
          query: slo.query,
          ...markOf(slo.labels, slo.alerting?.annotations ?? {}, s.labels, ...more),
        });
    };
    if (kind.version === "prometheus/v1") take(at, slothFile, value, sloth);
    else if (kind.kind === "PrometheusServiceLevel")
      take(at, slothObject, value, (v) => sloth(v.spec, v.metadata.labels, v.metadata.annotations));
    else if (kind.kind === "ServiceLevelObjective") take(at, pyrraObject, value, (v) => pyrra(at, v));
    else if (kind.kind === "SLO" && kind.apiVersion?.endsWith("/v1")) take(at, openSlo, value, (v) => open(at, v));
    else if (
      !(
        kind.kind &&
        ["SLI", "Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget"].includes(kind.kind)
      )
    )
      out.faults.push(
        `${at}: is neither Sloth (version: prometheus/v1, or kind PrometheusServiceLevel), nor Pyrra (kind ServiceLevelObjective), nor OpenSLO v1 (kind SLO).`,
      );
  }
  if (out.slos.length > most) out.faults.push(`${out.slos.length} SLOs: at most ${most} in one file.`);
  return out;

  function pyrra(at: string, { metadata: m, spec }: z.output<typeof pyrraObject>) {
    const { ratio, latency, bool_gauge: snake, boolGauge } = spec.indicator;
    const gauge = (snake ?? boolGauge)?.metric;
    const sum = (metric: string) => `sum(rate(${metric}[{{.window}}]))`;
    const query = ratio
      ? share(sum(ratio.errors.metric), sum(ratio.total.metric))
      : latency
        ? `(${sum(latency.success.metric)}) / (${sum(latency.total.metric)})`
        : gauge
          ? `sum(sum_over_time(${gauge}[{{.window}}])) / sum(count_over_time(${gauge}[{{.window}}]))`
          : null;
    const windowDays = daysOf(spec.window);
    if (query === null) out.faults.push(`${at}, spec.indicator: give ratio, latency or bool_gauge.`);
    else if (windowDays === null) out.faults.push(`${at}, spec.window: a duration as in 4w.`);
    else
      out.slos.push({
        service: m.labels.service ?? m.name,
        name: m.name,
        objective: ratioOf(spec.target),
        windowDays,
        query,
        ...markOf(m.labels, m.annotations),
      });
  }

  function open(at: string, { metadata: m, spec }: z.output<typeof openSlo>) {
    const indicator = spec.indicator?.spec ?? indicators.get(spec.indicatorRef ?? "");
    const windowDays = daysOf(spec.timeWindow[0]?.duration ?? "30d");
    if (!indicator) return void out.faults.push(`${at}, spec.indicator: is missing, or not in this file.`);
    if (windowDays === null) return void out.faults.push(`${at}, spec.timeWindow: a duration as in 30d.`);
    for (const [i, o] of spec.objectives.entries()) {
      const target = o.target ?? (o.targetPercent === undefined ? undefined : ratioOf(o.targetPercent));
      const query = openQuery(indicator, o);
      if (target === undefined) out.faults.push(`${at}, spec.objectives.${i}: give target or targetPercent.`);
      else if (query === null)
        out.faults.push(
          `${at}, spec.objectives.${i}: give a ratioMetric with good or bad and total, or a thresholdMetric with op and value.`,
        );
      else
        out.slos.push({
          service: spec.service,
          name: spec.objectives.length === 1 ? m.name : `${m.name}/${o.displayName ?? i + 1}`,
          objective: target,
          windowDays,
          query,
          ...markOf(m.labels, m.annotations),
        });
    }
  }
}

const comparisons = { lte: "<=", lt: "<", gte: ">=", gt: ">" } as const;

function openQuery(
  indicator: z.output<typeof indicatorSpec>,
  objective: { op?: keyof typeof comparisons | undefined; value?: number | undefined },
): string | null {
  const { ratioMetric: ratio, thresholdMetric: threshold } = indicator;
  const queryOf = ({ metricSource: { spec } }: z.output<typeof source>) =>
    typeof spec === "string" ? spec : spec.query;
  if (ratio) {
    // A query without a window of its own is a counter or a gauge; what it did over the window is asked in steps.
    const over = (s: z.output<typeof source>) => {
      const query = queryOf(s);
      return placeholder.test(query)
        ? query
        : `${ratio.counter ? "increase" : "sum_over_time"}((${query})[{{.window}}:5m])`;
    };
    if (ratio.good) return `(${over(ratio.good)}) / (${over(ratio.total)})`;
    return ratio.bad ? share(over(ratio.bad), over(ratio.total)) : null;
  }
  if (threshold && objective.op && objective.value !== undefined)
    return `avg_over_time(((${queryOf(threshold)}) ${comparisons[objective.op]} bool ${objective.value})[{{.window}}:5m])`;
  return null;
}

/** Good share from errors and everything; a service that never failed has no series of errors. */
const share = (errors: string, total: string): string => `1 - ((${errors}) or 0 * (${total})) / (${total})`;

const placeholder = /\{\{\s*\.window\s*\}\}/;

/** The query over one window. */
export const inWindow = ({ query }: Pick<FileSlo, "query">, window: string): string =>
  query.replaceAll(new RegExp(placeholder, "g"), window);

const unitDays: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, M: 30, Q: 91, Y: 365 };

/** "4w" as 28 days; null when it is no duration. */
function daysOf(duration: string): number | null {
  const match = /^(\d{1,4})([hdwMQY])$/.exec(duration);
  const unit = unitDays[match?.[2] ?? ""];
  return match && unit ? Number(match[1]) * unit : null;
}

const pick = (all: readonly Readonly<Record<string, string>>[], keys: readonly string[]): string | null => {
  for (const marks of all) for (const key of keys) if (marks[key]) return marks[key].slice(0, 250);
  return null;
};

/** 99.9 as 0.999, without what binary fractions add. */
const ratioOf = (percentage: number): number => Number((percentage / 100).toPrecision(12));
