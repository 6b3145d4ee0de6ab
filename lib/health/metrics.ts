import type { Health } from "./health";

const escaped = (value: string) => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

type Sample = { labels?: Readonly<Record<string, string>>; value: number };

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const inner = Object.entries(labels).map(([k, v]) => `${k}="${escaped(v)}"`);
    return `${name}${inner.length > 0 ? `{${inner.join(",")}}` : ""} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines].join("\n");
}

const seconds = (iso: string): number => Date.parse(iso) / 1000;

/** The health in Prometheus' text format, version 0.0.4. A connection that never completed has no sample, not a zero. */
export function metricsText(h: Health): string {
  const { failed, waiting, running, done } = h.jobs;
  return `${[
    metric(
      "countersign_ready",
      "Whether a part of the portal works (1) or not (0).",
      h.parts.map((p) => ({ labels: { part: p.part }, value: p.ok ? 1 : 0 })),
    ),
    metric(
      "countersign_jobs",
      "Jobs by state; done ones are kept for a week.",
      Object.entries({ waiting, running, done, failed }).map(([state, value]) => ({ labels: { state }, value })),
    ),
    metric(
      "countersign_jobs_oldest_due_timestamp_seconds",
      "When the job that waits longest came due.",
      h.jobs.oldestDue ? [{ value: seconds(h.jobs.oldestDue) }] : [],
    ),
    metric("countersign_log_entries", "Entries in the log.", [{ value: h.log.size }]),
    metric("countersign_log_queued", "Committed entries that wait for their place in the log.", [
      { value: h.log.queued },
    ]),
    metric(
      "countersign_log_checkpoint_timestamp_seconds",
      "When the latest checkpoint was signed.",
      h.log.checkpoint ? [{ value: seconds(h.log.checkpoint.signedAt) }] : [],
    ),
    metric(
      "countersign_database_connections",
      "Database connections of this process by state; waiting ones are requests that wait for one.",
      Object.entries(h.pool).map(([state, value]) => ({ labels: { state }, value })),
    ),
    metric(
      "countersign_connection_last_sync_timestamp_seconds",
      "When a connected system was last read completely.",
      h.connections.flatMap((c) =>
        c.lastCompletedAt
          ? [{ labels: { connection: c.name, system: c.system }, value: seconds(c.lastCompletedAt) }]
          : [],
      ),
    ),
  ].join("\n")}\n`;
}
