import "server-only";
import { and, desc, eq, getTableColumns, gt, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import { z } from "zod";
import { jobs } from "@/db/schema/log";
import { connections, syncRuns } from "@/db/schema/models";
import { quarantinedRecords, registryWebhooks } from "@/db/schema/registries";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { mayReadConnections } from "./connection";
import { findConnection } from "./find";
import { syncJob } from "./sync-job";

const plain = {
  id: connections.id,
  name: connections.name,
  system: connections.system,
  baseUrl: connections.baseUrl,
  auth: connections.auth,
  username: connections.username,
  hasSecret: sql<boolean>`${connections.secret} is not null`,
  everyMinutes: connections.everyMinutes,
  prodAlias: connections.prodAlias,
  settings: connections.settings,
  importConfirmedAt: connections.importConfirmedAt,
  createdAt: connections.createdAt,
  lastCompletedAt: connections.lastCompletedAt,
  // Written out, because a query over one table names its columns without the table.
  models: sql<number>`(select count(*)::int from model m where m.connection_id = connection.id)`,
  quarantined: sql<number>`(select count(*)::int from quarantined_record q where q.connection_id = connection.id)`,
  served: sql<number>`(select count(*)::int from served_version s where s.connection_id = connection.id and s.gone_at is null)`,
  /** Subjects of a source of facts, and those that are no model yet. */
  subjects: sql<number>`(select count(*)::int from source_subject u where u.connection_id = connection.id and u.last_seen_at is not null)`,
  unmatched: sql<number>`(select count(*)::int from source_subject u where u.connection_id = connection.id and u.model_id is null)`,
  vanished: sql<number>`(select count(*)::int from model m where m.connection_id = connection.id and m.vanished_at is not null)`,
};

const runColumns = {
  id: syncRuns.id,
  trigger: syncRuns.trigger,
  state: syncRuns.state,
  phase: sql<string | null>`${syncRuns.cursor} ->> 'phase'`,
  modelsSeen: syncRuns.modelsSeen,
  versionsSeen: syncRuns.versionsSeen,
  changed: syncRuns.changed,
  /** Records that could not be understood. */
  skipped: syncRuns.skipped,
  /** Of a source of facts: observations read, and subjects that are no model. */
  factsSeen: syncRuns.factsSeen,
  unmatched: syncRuns.unmatched,
  only: sql<string | null>`${syncRuns.cursor} ->> 'only'`,
  unread: sql<{ stream: string; why: string }[]>`coalesce(${syncRuns.cursor} -> 'unread', '[]'::jsonb)`,
  error: syncRuns.error,
  startedAt: syncRuns.startedAt,
  finishedAt: syncRuns.finishedAt,
};

/** Whether what was read is older than it should be: three missed syncs, at least an hour. */
export function isStale(c: { everyMinutes: number; lastCompletedAt: Date | null }, now: Date): boolean {
  if (c.lastCompletedAt === null) return true;
  return now.getTime() - c.lastCompletedAt.getTime() > Math.max(60, 3 * c.everyMinutes) * 60_000;
}

export const connectionList = query({
  name: "connections.listed",
  title: "List connections",
  http: { method: "GET", path: "/connections" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    insist(mayReadConnections(actor));
    const rows = await read
      .select(plain)
      .from(connections)
      .where(isNull(connections.removedAt))
      .orderBy(connections.name);
    const last = await read
      .selectDistinctOn([syncRuns.connectionId], { connectionId: syncRuns.connectionId, ...runColumns })
      .from(syncRuns)
      .innerJoin(connections, and(eq(connections.id, syncRuns.connectionId), isNull(connections.removedAt)))
      .orderBy(syncRuns.connectionId, desc(syncRuns.startedAt));
    return {
      connections: rows.map((c) => ({
        ...c,
        stale: isStale(c, now),
        lastRun: last.find((r) => r.connectionId === c.id) ?? null,
      })),
    };
  },
});

export const connectionGet = query({
  name: "connection.read",
  title: "Read a connection",
  http: { method: "GET", path: "/connections/{id}" },
  input: z.strictObject({ id: z.uuid("The id of a connection.") }),
  run: async (read, input, actor, now) => {
    insist(mayReadConnections(actor));
    const found = await findConnection(read, input.id);
    const [[row], [asked], [hook], runs] = await Promise.all([
      read.select(plain).from(connections).where(eq(connections.id, found.id)),
      read
        .select({ id: jobs.id })
        .from(jobs)
        .where(
          and(
            eq(jobs.uniqueKey, syncJob(found.id, "manual").uniqueKey ?? ""),
            inArray(jobs.state, ["waiting", "running"]),
            lte(jobs.runAt, now),
          ),
        )
        .limit(1),
      read
        .select({
          since: registryWebhooks.createdAt,
          lastReceivedAt: registryWebhooks.lastReceivedAt,
          received: registryWebhooks.received,
          refused: registryWebhooks.refused,
        })
        .from(registryWebhooks)
        .where(eq(registryWebhooks.connectionId, found.id)),
      read
        .select(runColumns)
        .from(syncRuns)
        .where(eq(syncRuns.connectionId, found.id))
        .orderBy(desc(syncRuns.startedAt))
        .limit(20),
    ]);
    const { secret: _, ...open } = found;
    return {
      ...open,
      hasSecret: found.secret !== null,
      quarantined: row?.quarantined ?? 0,
      served: row?.served ?? 0,
      models: row?.models ?? 0,
      vanished: row?.vanished ?? 0,
      subjects: row?.subjects ?? 0,
      unmatched: row?.unmatched ?? 0,
      stale: isStale(found, now),
      /** Null: this portal takes no webhooks from it. */
      webhook: hook ?? null,
      /** A sync was asked for and has not ended yet. */
      pending: asked !== undefined,
      runs,
    };
  },
});

/** Sync runs of a connection, newest first. */
export const syncRunList = query({
  name: "sync_runs.listed",
  title: "List sync runs",
  http: { method: "GET", path: "/connections/{id}/runs" },
  input: z.strictObject({
    id: z.uuid("The id of a connection."),
    /** `startedAt` of the last run on the page before. */
    after: instant("Use the cursor that the page before gave.", true).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    insist(mayReadConnections(actor));
    const connection = await findConnection(read, input.id);
    const rows = await read
      .select(runColumns)
      .from(syncRuns)
      .where(
        and(
          eq(syncRuns.connectionId, connection.id),
          input.after ? lt(syncRuns.startedAt, new Date(input.after)) : undefined,
        ),
      )
      .orderBy(desc(syncRuns.startedAt))
      .limit(input.limit);
    return { runs: rows, next: rows.length === input.limit ? (rows.at(-1)?.startedAt.toISOString() ?? null) : null };
  },
});

/** Records of a connection that could not be understood, oldest first. */
export const quarantineList = query({
  name: "quarantine.listed",
  title: "List records that could not be read",
  http: { method: "GET", path: "/connections/{id}/quarantine" },
  input: z.strictObject({
    id: z.uuid("The id of a connection."),
    /** `id` of the last record on the page before. */
    after: z.uuid("Use the cursor that the page before gave.").optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    insist(mayReadConnections(actor));
    const connection = await findConnection(read, input.id);
    const { runId: _, connectionId: __, ...columns } = getTableColumns(quarantinedRecords);
    const rows = await read
      .select(columns)
      .from(quarantinedRecords)
      .where(
        and(
          eq(quarantinedRecords.connectionId, connection.id),
          input.after ? gt(quarantinedRecords.id, input.after) : undefined,
        ),
      )
      .orderBy(quarantinedRecords.id)
      .limit(input.limit);
    return { records: rows, next: rows.length === input.limit ? (rows.at(-1)?.id ?? null) : null };
  },
});
