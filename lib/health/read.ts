import "server-only";
import { sql } from "drizzle-orm";
import { database, type Reader } from "@/db/client";
import type { Health } from "./health";
import { readiness } from "./ready";

const iso = (value: Date | string | null): string | null => (value === null ? null : new Date(value).toISOString());

/** The whole picture in five bounded queries. */
export async function readHealth(read: Reader, now: Date): Promise<Health> {
  const [parts, states, due, failures, log, connections] = await Promise.all([
    readiness(),
    read.execute<{ state: string; n: number }>(sql`select state, count(*)::int as n from job group by state`),
    read.execute<{ at: Date | null }>(
      sql`select min(run_at) as at from job where state = 'waiting' and run_at <= ${now.toISOString()}`,
    ),
    read.execute<{ id: string; name: string; attempts: number; error: string | null; at: Date }>(sql`
      select id, name, attempts, last_error as error, finished_at as at from job
      where state = 'failed' order by finished_at desc limit 20`),
    read.execute<{ size: string; queued: number; signed: string | null; at: Date | null }>(sql`
      select h.size, (select count(*)::int from log_queue) as queued, c.size as signed, c.signed_at as at
      from log_head h left join lateral (select size, signed_at from log_checkpoint order by size desc limit 1) c on true`),
    read.execute<{ id: string; name: string; system: string; at: Date | null; state: string | null }>(sql`
      select c.id, c.name, c.system, c.last_completed_at as at, r.state from connection c
      left join lateral (select state from sync_run where connection_id = c.id order by started_at desc limit 1) r on true
      where c.removed_at is null order by c.name limit 500`),
  ]);
  const count = (state: string) => states.rows.find((r) => r.state === state)?.n ?? 0;
  const head = log.rows[0];
  const { pool } = database();
  return {
    parts,
    jobs: {
      waiting: count("waiting"),
      running: count("running"),
      done: count("done"),
      failed: count("failed"),
      oldestDue: iso(due.rows[0]?.at ?? null),
    },
    failures: failures.rows.map(({ at, error, ...row }) => ({ ...row, error: error ?? "", failedAt: iso(at) ?? "" })),
    log: {
      size: Number(head?.size ?? 0),
      queued: head?.queued ?? 0,
      checkpoint: head?.signed && head.at ? { size: Number(head.signed), signedAt: iso(head.at) ?? "" } : null,
    },
    pool: { open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount },
    connections: connections.rows.map(({ at, ...row }) => ({ ...row, lastCompletedAt: iso(at) })),
  };
}
