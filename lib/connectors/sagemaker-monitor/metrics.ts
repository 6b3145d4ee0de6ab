import type { BadRecord } from "@/lib/connectors/registry";
import { type Slo, subjectOf } from "@/lib/connectors/slo";
import type { Observation } from "@/lib/connectors/source";
import type { CloudWatchClient, MetricQuery, Point } from "./cloudwatch";

/** An endpoint, the variants that answer in it, and the objective that its tag says, as a share. */
export type Measured = { endpoint: string; variants: readonly string[]; objective: number | null };

const dayS = 86_400;
const windowDays = 30;
const counts = ["Invocations", "Invocation5XXErrors"] as const;

/** Requests, errors and latency of endpoints as of `now`. A percentile over variants is that of the slowest. */
export async function metricFacts(
  client: CloudWatchClient,
  endpoints: readonly Measured[],
  latency: { quantile: number; days: number },
  now: Date,
): Promise<{ observations: Map<string, Observation[]>; bad: BadRecord[] }> {
  const to = new Date(Math.ceil(now.getTime() / 300_000) * 300_000);
  const back = (days: number) => new Date(to.getTime() - days * dayS * 1000);
  const every = (metric: string, stat: string, periodS: number): MetricQuery[] =>
    endpoints.flatMap(({ endpoint, variants }) =>
      variants.map((variant) => ({ metric, endpoint, variant, stat, periodS })),
    );
  const counted = counts.flatMap((metric) => every(metric, "Sum", dayS));
  const quantiles = [
    { key: "serving.latency_p50_ms", q: 0.5 },
    { key: "serving.latency_p95_ms", q: 0.95 },
    { key: "serving.latency_p99_ms", q: 0.99 },
    { key: "serving.latency_ms", q: latency.quantile },
  ].map(({ key, q }) => ({ key, stat: `p${Number((q * 100).toFixed(3))}` }));
  const timed = [...new Set(quantiles.map((q) => q.stat))].flatMap((stat) =>
    every("ModelLatency", stat, latency.days * dayS),
  );
  const sums = await client.data(counted, back(windowDays), to);
  const times = await client.data(timed, back(latency.days), to);
  const of = (
    queries: readonly MetricQuery[],
    points: readonly Point[][],
    endpoint: string,
    metric: string,
    stat: string,
  ) =>
    queries.flatMap((q, i) =>
      q.endpoint === endpoint && q.metric === metric && q.stat === stat ? (points[i] ?? []) : [],
    );
  /** The end of a period, or now where it has not ended. */
  const until = (at: number, periodS: number) => new Date(Math.min(at + periodS * 1000, now.getTime()));

  const observations = new Map<string, Observation[]>();
  for (const e of endpoints) {
    const [requests, errors] = [
      of(counted, sums.points, e.endpoint, counts[0], "Sum"),
      of(counted, sums.points, e.endpoint, counts[1], "Sum"),
    ];
    const total = requests.reduce((n, p) => n + p.value, 0);
    const failed = errors.reduce((n, p) => n + p.value, 0);
    const last = requests.reduce((max, p) => Math.max(max, p.at), 0);
    const at = last > 0 ? until(last, dayS) : null;
    const out: Observation[] = [];
    const seen = (key: string, metric: string, when: Date) =>
      out.push({
        key,
        value: true,
        effectiveAt: when.toISOString(),
        detail: `AWS/SageMaker ${metric} of ${e.endpoint} in the last ${windowDays} days`,
      });
    if (at) seen("monitoring.rate", "Invocations", at);
    if (e.objective !== null) out.push(...availability(e, total > 0 ? 1 - failed / total : null, at, now));
    else if (at && errors.length > 0) seen("monitoring.errors", "Invocation5XXErrors", at);
    for (const { key, stat } of quantiles) {
      const found = of(timed, times.points, e.endpoint, "ModelLatency", stat);
      if (found.length === 0) continue;
      const slowest = found.reduce((a, b) => (b.value > a.value ? b : a));
      const when = until(slowest.at, latency.days * dayS);
      out.push({
        key,
        // Microseconds.
        value: Number((slowest.value / 1000).toPrecision(3)),
        effectiveAt: when.toISOString(),
        detail: `AWS/SageMaker ModelLatency ${stat} of ${e.endpoint} over ${latency.days} days${e.variants.length > 1 ? ", the slowest variant" : ""}`,
      });
      if (!out.some((o) => o.key === "monitoring.duration")) seen("monitoring.duration", "ModelLatency", when);
    }
    observations.set(e.endpoint, out);
  }
  return { observations, bad: [...sums.bad, ...times.bad] };
}

/** The availability that the endpoint's tag promises, as an SLO. */
function availability(e: Measured, attainment: number | null, at: Date | null, now: Date): Observation[] {
  const slo: Slo = {
    service: e.endpoint,
    declared: null,
    name: "availability",
    objective: e.objective ?? 1,
    windowDays,
    attainment,
    at: attainment === null ? null : at,
    policy: null,
    definedIn: null,
    asked: `1 - Invocation5XXErrors / Invocations of AWS/SageMaker, endpoint ${e.endpoint}`,
  };
  return subjectOf([slo], now)?.observations ?? [];
}
