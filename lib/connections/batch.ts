import "server-only";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connections, models, syncRuns } from "@/db/schema/models";
import { sha256Hex } from "@/lib/connectors/text";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, type Verdict, yes } from "@/lib/core/refusal";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { type Batch, batchInput, type Change } from "./batch-input";
import type { Connection } from "./find";
import { putModels } from "./put-models";
import { putDigests, putRuns } from "./put-runs";
import { putServing } from "./put-serving";
import { putSubjects } from "./put-subjects";
import { putVersions } from "./put-versions";

/** The run and its connection, for the connector that works it. */
export async function loadRun(tx: Tx, runId: string): Promise<Connection> {
  const [row] = await tx
    .select({ connection: connections })
    .from(syncRuns)
    .innerJoin(connections, eq(connections.id, syncRuns.connectionId))
    .where(and(eq(syncRuns.id, runId), eq(syncRuns.state, "running"), isNull(connections.removedAt)));
  if (!row) throw new Refusal("gone", "This sync run has ended, or its connection was removed.");
  return row.connection;
}

/** Only a connection's own connector writes what was read from it. */
export const mayWork = (actor: Actor, connection: Connection): Verdict =>
  actor.kind === "connector" && actor.id === connection.id
    ? yes
    : no("forbidden", "Only the connection itself records what was read from it.");

/**
 * Records a batch of what a registry holds or a source of facts tells, together with where the run stands, in one transaction. One entry for what changed;
 * a batch that changed nothing leaves none and only moves the run on.
 */
export const recordBatch = command({
  name: "registry.batch.synced",
  title: "Record what a registry holds",
  http: null,
  input: batchInput,
  load: (tx, input) => loadRun(tx, input.runId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }) => {
    const changes = [
      ...(await putVersions(tx, connection, input, now)),
      ...(await putModels(tx, connection, input, now)),
      ...(await putRuns(tx, connection, input, now)),
      ...(await putServing(tx, connection, input, now)),
      ...(await putDigests(tx, connection, input, now)),
      ...(await putSubjects(tx, connection, input, now)),
      ...(await vanish(tx, input, now)),
    ];
    await quarantine(tx, connection, input, now);
    await present(tx, connection, input, now);
    await progress(tx, input, changes.length);
    const result = { changed: changes.length };
    const [first] = changes;
    if (!first) return { unchanged: result };
    const ids = [...new Set(changes.flatMap((c) => c.modelId ?? []))];
    const only = ids.length === 1 && changes.every((c) => c.modelId !== null) ? (ids[0] ?? null) : null;
    return {
      result,
      entry: {
        subject: only
          ? { kind: "model", id: only, ref: first.model }
          : { kind: "connection", id: connection.id, ref: connection.name },
        modelId: only,
        concerns: only ? [] : ids,
        summary: summaryOf(changes, connection.name),
        body: { connection: connection.name, run: input.runId, changes },
      },
      jobs: ids.map(refreshJob),
    };
  },
});

async function vanish(tx: Tx, { vanished }: Batch, now: Date): Promise<Change[]> {
  if (vanished.length === 0) return [];
  const rows = await tx
    .update(models)
    .set({ vanishedAt: now, updatedAt: now })
    .where(and(inArray(models.id, vanished), isNull(models.vanishedAt)))
    .returning({ id: models.id, name: models.name, lastSeenAt: models.lastSeenAt });
  return rows.map((m) => ({ what: "vanished", model: m.name, modelId: m.id, lastSeen: m.lastSeenAt?.toISOString() }));
}

/** Keeps what could not be understood; the same record again is counted, not repeated. */
async function quarantine(tx: Tx, connection: Connection, { bad, runId }: Batch, now: Date): Promise<void> {
  if (bad.length === 0) return;
  const rows = new Map(
    bad.map((b) => {
      const key = b.key ?? `sha256:${sha256Hex(b.raw)}`;
      return [`${b.stream} ${key}`, { ...b, id: newId(), key }];
    }),
  );
  await tx.execute(sql`
    insert into quarantined_record as q (id, connection_id, stream, external_key, reason, raw, run_id, first_seen_at, last_seen_at)
    select x.id, ${connection.id}, x.stream, x.key, x.reason, x.raw, ${runId}, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb) as x(id uuid, stream text, key text, reason text, raw text)
    on conflict (connection_id, stream, external_key) do update set reason = excluded.reason, raw = excluded.raw,
      times = q.times + case when q.run_id = excluded.run_id then 0 else 1 end, run_id = excluded.run_id,
      last_seen_at = excluded.last_seen_at`);
}

/** Also by name: a record that could not be understood may be told by nothing else. */
async function present(tx: Tx, connection: Connection, { present: ids }: Batch, now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`
    with told as (select x.id from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) x(id))
    update model m set last_seen_at = ${now.toISOString()}::timestamptz, missed_sweeps = 0
    from (
      select k.id from told join model k on k.connection_id = ${connection.id} and k.external_id = told.id
      union
      select k.id from told join model k on k.connection_id = ${connection.id} and k.external_name = told.id
    ) there
    where m.id = there.id`);
}

async function progress(tx: Tx, { runId, cursor, seen }: Batch, changed: number): Promise<void> {
  const rows = await tx
    .update(syncRuns)
    .set({
      modelsSeen: sql`${syncRuns.modelsSeen} + ${seen.models}`,
      versionsSeen: sql`${syncRuns.versionsSeen} + ${seen.versions}`,
      skipped: sql`${syncRuns.skipped} + ${seen.skipped}`,
      factsSeen: sql`${syncRuns.factsSeen} + ${seen.facts}`,
      changed: sql`${syncRuns.changed} + ${changed}`,
      ...(cursor ? { cursor } : {}),
    })
    .where(and(eq(syncRuns.id, runId), eq(syncRuns.state, "running")))
    .returning({ id: syncRuns.id });
  if (!rows[0]) throw new Refusal("gone", "This sync run has ended.");
}

/** What a batch changed, in one line: exact for one model, counted for many. */
function summaryOf(changes: readonly Change[], connection: string): string {
  const [first] = changes;
  const ids = new Set(changes.map((c) => c.modelId ?? c.model));
  if (first && ids.size === 1) {
    const said = changes.slice(0, 4).map(sayOne);
    return `${said.join("; ")}${changes.length > 4 ? `; and ${changes.length - 4} more` : ""} (${connection})`;
  }
  const counts = new Map<string, number>();
  for (const c of changes) counts.set(c.what, (counts.get(c.what) ?? 0) + 1);
  return `read ${connection}: ${[...counts].map(([what, n]) => `${n} ${what}`).join(", ")} in ${ids.size} models`;
}

function sayOne(c: Change): string {
  const name = c.version ? `${c.model} ${c.version}` : c.model;
  if (c.what === "registered")
    return `${name} registered${typeof c.runId === "string" ? ` from run ${c.runId.slice(0, 8)}` : ""}`;
  if (c.what === "found") return `${name} found in the registry`;
  if (c.what === "changed" || c.what === "described") return `${name} changed in the registry`;
  if (c.what === "aliases")
    return `${name} has ${Array.isArray(c.aliases) && c.aliases.length > 0 ? `the alias ${c.aliases.join(", ")}` : "no alias"}`;
  if (c.what === "serves") return `${name} serves in prod${c.release ? ` by ${String(c.release)}` : ""}`;
  if (c.what === "serves without a release") return `${name} serves in prod without a release (${String(c.finding)})`;
  if (c.what === "run read") return `run of ${name} read`;
  if (c.what === "digest computed") return `digest of ${name} computed`;
  if (c.what === "no digest") return `${name} has no digest`;
  if (c.what === "renamed") return `${name} is called ${String(c.to)} in the registry now, no longer ${String(c.from)}`;
  if (c.what === "served")
    return `${name} is served by ${String(c.endpoint)}${typeof c.traffic === "number" ? ` with ${c.traffic}% of its traffic` : ""}`;
  if (c.what === "observed") return `${name}: ${sayFacts(c.facts)}`;
  if (c.what === "no longer served") return `${name} is no longer served by ${String(c.endpoint)}`;
  return `${name} ${c.what}`;
}

/** `slo.reporting false, slo.count 2`: the facts that changed. */
function sayFacts(facts: unknown): string {
  const entries = typeof facts === "object" && facts !== null ? Object.entries(facts) : [];
  const said = entries
    .filter(([, value]) => typeof value !== "object")
    .slice(0, 3)
    .map(([key, value]) => `${key} ${String(value).slice(0, 80)}`);
  const more = entries.length - said.length;
  return `${said.join(", ")}${more > 0 ? `${said.length > 0 ? " and " : ""}${more} more` : ""}`;
}
