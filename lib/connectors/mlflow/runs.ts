import "server-only";
import type { Pending, RegistryClient } from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { sift } from "@/lib/connectors/sift";
import type { MlflowClient } from "./client";
import { seenRun } from "./map";
import { type Run, runShape } from "./shapes";

const runsPerRequest = 100;

/** Runs by id, in requests of a hundred; those a search does not find are asked for one by one, eight at a time. */
export function runReader(client: MlflowClient): NonNullable<RegistryClient["runs"]> {
  let experiments: Map<string, string> | null = null;
  return async (pending: readonly Pending[]) => {
    experiments ??= new Map((await client.experiments()).map((e) => [e.experiment_id, e.name]));
    const ids = [...new Set(pending.flatMap((p) => p.runId ?? []))];
    const found = new Map<string, Run | null>();
    const records: unknown[] = [];
    if (experiments.size > 0 && experiments.size <= 1000) {
      const all = [...experiments.keys()];
      const chunks: string[][] = [];
      for (let at = 0; at < ids.length; at += runsPerRequest) chunks.push(ids.slice(at, at + runsPerRequest));
      await side(4, chunks, async (chunk) => void records.push(...(await client.runs(all, chunk))));
    }
    const { good, bad } = sift("runs", runShape, records.map(flat), ["run_id"]);
    for (const { value } of good) found.set(value.info.run_id, value);
    const unreadable = new Set(bad.map((b) => b.key));
    await side(
      8,
      ids.filter((id) => !found.has(id) && !unreadable.has(id)),
      async (id) => void found.set(id, await client.run(id)),
    );
    const runs = pending.flatMap((p) => {
      const run = p.runId ? found.get(p.runId) : undefined;
      if (!p.runId || run === undefined) return [];
      return [seenRun(p.id, p.runId, run, run ? (experiments?.get(run.info.experiment_id) ?? null) : null)];
    });
    return { runs, bad };
  };
}

/** A run's id beside its parts, so that a bad one can be told by it. */
const flat = (run: unknown): unknown =>
  typeof run === "object" && run !== null && "info" in run && typeof run.info === "object" && run.info !== null
    ? { ...run, run_id: "run_id" in run.info ? run.info.run_id : null }
    : run;
