import type { Observation } from "./source";

/** What a job or a DAG does for a model; it says so by a tag. */
export const pipelineRoles = ["training", "scoring", "quality"] as const;
export type PipelineRole = (typeof pipelineRoles)[number];

/** The role that a tag names; one that names none trains. */
export const roleOf = (text: string | null | undefined): PipelineRole =>
  pipelineRoles.find((role) => role === text?.trim().toLowerCase()) ?? "training";

/** A run that ended. `other`: neither a success nor a failure, as one that a person cancelled. Times in ms. */
export type PipelineRun = { id: string; endedAt: number; outcome: "success" | "failure" | "other" };

/** Days over which success is counted. */
export const runDays = 28;

/** A scheduler's clock may be so far ahead; a run that ended later than that counts for nothing. */
const aheadMs = 300_000;

const families = {
  training: { last: "pipeline.last_success_at", of: "pipeline" },
  scoring: { last: "batch.published_at", of: "batch" },
} as const;

/**
 * What a scheduler's runs of one pipeline stand for: when it last succeeded, whether the last run did, the share that did over 28
 * days, and how often it is due. Of gates on data: when they last ran, whatever they found.
 */
export function pipelineFacts(
  {
    name,
    role,
    runs,
    cadenceHours,
  }: {
    /** What it is there, as in "job 12". */
    name: string;
    role: PipelineRole;
    runs: readonly PipelineRun[];
    /** From its schedule; null: it has none that can be told. */
    cadenceHours: number | null;
  },
  now: Date,
): Observation[] {
  const newest = [...new Map(runs.map((r) => [r.id, r])).values()].sort((a, b) => b.endedAt - a.endedAt);
  const out: Observation[] = [];
  const when = (key: string, run: PipelineRun | undefined) => {
    if (!run) return;
    const at = new Date(run.endedAt).toISOString();
    out.push({ key, value: at, effectiveAt: at, detail: `run ${run.id} of ${name}` });
  };
  const counted = newest.filter((r) => r.outcome !== "other");
  if (role === "quality") {
    when("data.gates_last_run_at", counted[0]);
    return out;
  }
  const { last, of } = families[role];
  when(
    last,
    counted.find((r) => r.outcome === "success"),
  );
  const effectiveAt = now.toISOString();
  const [latest] = counted;
  if (latest)
    out.push({
      key: `${of}.last_run_succeeded`,
      value: latest.outcome === "success",
      effectiveAt: new Date(latest.endedAt).toISOString(),
      detail: `run ${latest.id} of ${name}`,
    });
  const recent = counted.filter(
    (r) => r.endedAt > now.getTime() - runDays * 86_400_000 && r.endedAt <= now.getTime() + aheadMs,
  );
  if (recent.length > 0)
    out.push({
      key: `${of}.success_share`,
      value: Number((recent.filter((r) => r.outcome === "success").length / recent.length).toFixed(4)),
      effectiveAt,
      detail: `${recent.length} runs of ${name} in ${runDays} days`,
    });
  if (cadenceHours !== null)
    out.push({
      key: `${of}.cadence_hours`,
      value: cadenceHours,
      effectiveAt,
      detail: `longest time between two due times of ${name}`,
    });
  return out;
}
