import "server-only";
import { usualHours } from "@/lib/connectors/cadence";
import { cronGapHours } from "@/lib/connectors/cron";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { BadRecord } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import type { Observation } from "@/lib/connectors/source";
import { type DatabricksClient, type Endpoint, refreshShape } from "./client";

/** Refreshes from which the cadence is told where no schedule tells it. */
const lately = 10;

/** What is known of the drift of an endpoint's data: the monitor on the first of these tables that has one. */
export async function driftOf(
  client: DatabricksClient,
  tables: readonly string[],
): Promise<{ observations: Observation[]; bad: BadRecord[]; denied: string | null }> {
  let denied: string | null = null;
  for (const table of tables) {
    try {
      const monitor = await client.monitor(table);
      if (monitor) return { ...(await told(table, monitor)), denied: null };
    } catch (error) {
      // A table that may not be read is unknown, and says nothing about the others.
      if (!(error instanceof UpstreamFault) || error.kind !== "forbidden") throw error;
      denied ??= error.message;
    }
  }
  return { observations: [], bad: [], denied };
}

async function told(table: string, monitor: NonNullable<Awaited<ReturnType<DatabricksClient["monitor"]>>>) {
  const { good, bad } = sift("facts", refreshShape, monitor.refreshes, ["refresh_id"]);
  const done = [...new Map(good.map(({ value }) => [value.refresh_id, value])).values()]
    .filter((r) => /(^|_)SUCCESS$/.test(r.state) && r.end_time_ms)
    .map((r) => ({ id: r.refresh_id, at: r.end_time_ms ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const [newest] = done;
  if (!newest) return { observations: [], bad };
  const effectiveAt = new Date(newest.at).toISOString();
  const byCron = monitor.cron === null ? null : cronGapHours(monitor.cron);
  const hours = byCron ?? usualHours(done.slice(0, lately).map((r) => r.at))?.hours ?? null;
  const one = (key: string, value: Observation["value"], detail: string): Observation => ({
    key,
    value,
    effectiveAt,
    detail,
  });
  const refresh = `refresh ${newest.id} of the monitor on ${table}`;
  const cadence = `${byCron === null ? "times between refreshes" : "schedule"} of the monitor on ${table}`;
  const kinds = monitor.predictions ? (["data", "concept"] as const) : (["data"] as const);
  return {
    observations: [
      ...kinds.flatMap((kind) => [
        one(`drift.${kind}_monitor_at`, effectiveAt, refresh),
        ...(hours === null ? [] : [one(`drift.${kind}_cadence_hours`, hours, cadence)]),
      ]),
      one("drift.monitor_active", monitor.active, `state of the monitor on ${table}`),
    ],
    bad,
  };
}

/** Tables on which an endpoint's monitor may be: those that its tag names, then its inference table. */
export function tablesOf(e: Endpoint, tableTag: string): string[] {
  const named = (tagOf(e, tableTag) ?? "").split(/[,;\s]+/).filter((t) => t !== "");
  const { inference_table_config: gateway } = e.ai_gateway ?? {};
  const { auto_capture_config: capture } = e.config ?? {};
  const own = gateway?.enabled
    ? payload(gateway, null)
    : capture?.enabled
      ? payload(capture, capture.state?.payload_table?.name ?? null)
      : null;
  return [...new Set([...named, ...(own === null ? [] : [own])])].slice(0, 5);
}

const payload = (
  t: {
    catalog_name?: string | null | undefined;
    schema_name?: string | null | undefined;
    table_name_prefix?: string | null | undefined;
  },
  name: string | null,
): string | null =>
  t.catalog_name && t.schema_name && (name || t.table_name_prefix)
    ? `${t.catalog_name}.${t.schema_name}.${name || `${t.table_name_prefix}_payload`}`
    : null;

/** The value of an endpoint's tag; null: it has none. */
export const tagOf = (e: Endpoint, key: string): string | null =>
  e.tags?.find((t) => t.key === key)?.value?.trim() || null;
