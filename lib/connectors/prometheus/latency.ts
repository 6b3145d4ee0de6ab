import type { BadRecord } from "@/lib/connectors/registry";
import { notFinite } from "@/lib/connectors/slo";
import type { Observation, SeenSubject } from "@/lib/connectors/source";
import type { Labels, PrometheusClient } from "./client";

export type LatencySettings = {
  metric: string;
  label: string;
  modelLabel: string;
  unit: "seconds" | "milliseconds";
  quantile: number;
  window: string;
};

const silentS = 24 * 3600;

/** Latency quantiles of each service from one histogram, as of `now`, with the time of its last sample. */
export async function latencies(client: PrometheusClient, s: LatencySettings, now: Date) {
  const by = `${s.label}, ${s.modelLabel}`;
  const keyOf = (labels: Labels) => `${labels[s.label] ?? ""}\n${labels[s.modelLabel] ?? ""}`;
  const last = await client.query(`max by (${by}) (max_over_time(timestamp(${s.metric}_count)[2d:5m]))`, now);
  const asked = [
    { key: "serving.latency_p50_ms", q: 0.5 },
    { key: "serving.latency_p95_ms", q: 0.95 },
    { key: "serving.latency_p99_ms", q: 0.99 },
    { key: "serving.latency_ms", q: s.quantile },
  ].map(({ key, q }) => ({
    key,
    query: `histogram_quantile(${q}, sum by (le, ${by}) (rate(${s.metric}_bucket[${s.window}])))`,
  }));
  const answers = await Promise.all(
    asked.map(async ({ key, query }) => ({ key, query, samples: await client.query(query, now) })),
  );
  const bad: BadRecord[] = [];
  const subjects: SeenSubject[] = [];
  for (const { labels, value: at } of last) {
    const name = labels[s.label] || labels[s.modelLabel];
    if (!name || !Number.isFinite(at)) continue;
    const fresh = now.getTime() / 1000 - at < silentS;
    const read = now.toISOString();
    const seen = `${s.metric}_count, last sample ${new Date(at * 1000).toISOString()}`;
    const observations: Observation[] = [
      { key: "monitoring.rate", value: fresh, effectiveAt: read, detail: seen },
      { key: "monitoring.duration", value: fresh, effectiveAt: read, detail: seen },
    ];
    if (fresh)
      for (const { key, query, samples } of answers) {
        const found = samples.find((x) => keyOf(x.labels) === keyOf(labels));
        if (!found) continue;
        if (!Number.isFinite(found.value)) bad.push(notFinite(`${name} ${key}`, found.text, found));
        else
          observations.push({
            key,
            value: Number((s.unit === "seconds" ? found.value * 1000 : found.value).toPrecision(3)),
            effectiveAt: new Date(at * 1000).toISOString(),
            detail: query,
          });
      }
    subjects.push({ subject: name.slice(0, 500), declared: labels[s.modelLabel] || null, observations });
  }
  return { subjects, bad };
}
