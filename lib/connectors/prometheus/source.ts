import "server-only";
import { countOf, ifTold, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { type Slo, subjectOf } from "@/lib/connectors/slo";
import type { SeenSubject, Source, SourceFile } from "@/lib/connectors/source";
import { type PrometheusClient, prometheusClient } from "./client";
import { measured } from "./file-slos";
import { prometheusSettings } from "./kind";
import { type LatencySettings, latencies } from "./latency";
import { sloRules } from "./rules";
import { parseSloFile } from "./slo-files";

/** Prometheus: SLOs from recording rules and files, error budgets, latency. One page holds all of it. */
export const prometheus: Source = {
  open: (target, files, limits) => {
    const client = prometheusClient(target, limits);
    const { modelLabel, ...s } = prometheusSettings.parse(target.settings);
    const latency: LatencySettings | null = s.latencyMetric
      ? {
          metric: s.latencyMetric,
          label: s.latencyLabel,
          modelLabel,
          unit: s.latencyUnit,
          quantile: s.latencyQuantile,
          window: s.latencyWindow,
        }
      : null;
    return {
      test: (now) => test(client, modelLabel, latency, files, now),
      read: async ({ now }) => ({ ...(await read(client, modelLabel, latency, files, now)), next: null, unread: [] }),
      close: client.close,
    };
  },
};

async function read(
  client: PrometheusClient,
  modelLabel: string,
  latency: LatencySettings | null,
  files: readonly SourceFile[],
  now: Date,
): Promise<{ subjects: SeenSubject[]; bad: BadRecord[] }> {
  const rules = await sloRules(client, modelLabel, now);
  const filed = await measured(client, parsed(files, modelLabel), now);
  const timed = latency ? await latencies(client, latency, now) : { subjects: [], bad: [] };
  // What a file defines and a rule records as well is one SLO; the recorded series costs the server less and knows its own time.
  const known = new Map(rules.slos.map((slo) => [sloKey(slo), slo]));
  const all = [...rules.slos];
  for (const slo of filed.slos) {
    const same = known.get(sloKey(slo));
    if (!same) all.push(slo);
    else
      Object.assign(same, {
        policy: same.policy ?? slo.policy,
        declared: same.declared ?? slo.declared,
        definedIn: slo.definedIn,
      });
  }
  const services = new Map<string, Slo[]>();
  for (const slo of all) services.set(slo.service, [...(services.get(slo.service) ?? []), slo]);
  const subjects = new Map<string, SeenSubject>();
  for (const slos of services.values()) {
    // One of a service's SLOs that names the model speaks for all.
    const declared = slos.find((slo) => slo.declared !== null)?.declared ?? null;
    const seen = subjectOf(
      slos.map((slo) => ({ ...slo, declared })),
      now,
    );
    if (seen) subjects.set(seen.subject, seen);
  }
  for (const t of timed.subjects) {
    const same = subjects.get(t.subject);
    subjects.set(
      t.subject,
      same
        ? {
            ...same,
            declared: same.declared ?? t.declared,
            observations: [...same.observations, ...t.observations],
          }
        : t,
    );
  }
  return { subjects: [...subjects.values()], bad: [...rules.bad, ...filed.bad, ...timed.bad] };
}

const sloKey = (slo: Slo): string => `${slo.service}\n${slo.name}`;

const parsed = (files: readonly SourceFile[], modelLabel: string) =>
  files.flatMap(({ name, content, commit }) =>
    parseSloFile(content, modelLabel).slos.map((slo) => ({
      ...slo,
      definedIn: commit ? `${name} at ${commit.slice(0, 12)}` : name,
    })),
  );

async function test(
  client: PrometheusClient,
  modelLabel: string,
  latency: LatencySettings | null,
  files: readonly SourceFile[],
  now: Date,
): Promise<Tested> {
  const { attempt, answer } = prober();
  let version: string | null = null;
  let found = 0;
  const asks = await attempt("Ask a query", "read access to /api/v1/query", async () => {
    await client.query("vector(1)", now);
    return "answered";
  });
  if (asks) {
    version = await ifTold(client.version);
    await attempt("Find SLOs", "read access to /api/v1/query", async () => {
      const { slos } = await sloRules(client, modelLabel, now);
      const inFiles = parsed(files, modelLabel).length;
      found = slos.length + inFiles;
      return `${countOf(slos.length, false, "SLO")} in rules of Sloth and Pyrra, ${inFiles} in files; ${slos.filter((s) => s.declared).length} name their model`;
    });
    if (latency)
      await attempt("Find the latency histogram", "read access to /api/v1/query", async () => {
        const { subjects } = await latencies(client, latency, now);
        found += subjects.length;
        return `${countOf(subjects.length, false, "service")} in ${latency.metric}`;
      });
  }
  return answer(
    found > 0
      ? `Prometheus${version ? ` ${version}` : ""}.`
      : "Prometheus answers, but has no SLO yet: have Sloth or Pyrra record them, upload SLO files, or name a latency histogram.",
    { serverVersion: version, skewMs: client.skewMs() },
  );
}
