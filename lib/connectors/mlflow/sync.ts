import "server-only";
import { recordBatch } from "@/lib/connections/batch";
import type { Batch, Cursor } from "@/lib/connections/batch-input";
import type { SyncTrigger } from "@/lib/connections/connection";
import { targetOf } from "@/lib/connections/find";
import { mismatches } from "@/lib/connections/reconcile";
import { completeRun, failRun, type StartedRun, startRun } from "@/lib/connections/run";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { HttpLimits } from "@/lib/connectors/http";
import { connectorActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { type MlflowClient, mlflowClient } from "./client";
import { readArtifacts } from "./digest";
import { isPrompt, seenModel, seenRun, seenVersion } from "./map";
import { changedModels, changedVersions, missingTwice, type Pending, unreadDigests, unreadRuns } from "./pending";
import type { Run } from "./shapes";

/** Up to so many models in a batch get an entry each, in their own history; more share one. */
const fewModels = 20;
/** Versions are read again this far behind the watermark, in case the server's writes overlapped. */
const overlapMs = 10 * 60_000;
/** Versions whose files are read in one run; the rest follow in the next. */
const digestsPerRun = 500;
const runsPerRequest = 100;

type Work = StartedRun & { ctx: Ctx; client: MlflowClient };

export type SyncOptions = { limits?: Partial<HttpLimits>; pageSize?: number };

/**
 * Reads an MLflow registry: versions changed since the last completed run (all of them on a full sweep), then every registered model
 * with its aliases, then the runs and files of versions not read before. Each batch is written with the place the run has reached,
 * so a killed run goes on from there; a second run over an unchanged registry changes nothing.
 */
export async function syncRegistry(
  system: Ctx,
  asked: { connectionId: string; trigger: SyncTrigger },
  options: SyncOptions = {},
): Promise<{ runId: string; changed: number }> {
  const ctx: Ctx = { ...system, actor: connectorActor({ id: asked.connectionId, name: "MLflow" }) };
  const started = (await startRun(ctx, { ...asked, job: system.requestId })) as StartedRun;
  ctx.actor = connectorActor(started.connection);
  const client = mlflowClient(targetOf(started.connection), options.limits);
  const work: Work = { ...started, ctx, client };
  try {
    const size = options.pageSize ?? 1000;
    if (work.cursor.phase === "versions") await readVersions(work, size);
    if (work.cursor.phase === "models") await readModels(work, size);
    if (work.cursor.phase === "runs") await readRuns(work);
    if (work.cursor.phase === "digests") await readDigests(work);
    await loseMissing(work);
    const { changed } = await completeRun(ctx, { runId: work.runId, sweep: work.cursor.sweep });
    return { runId: work.runId, changed };
  } catch (error) {
    // Anything else than the system's own failure leaves the run as it is, to be taken up by the next attempt.
    if (error instanceof UpstreamFault) await failRun(ctx, { runId: work.runId, error: error.message.slice(0, 2000) });
    throw error;
  } finally {
    client.close();
  }
}

type Part = Partial<Pick<Batch, "versions" | "models" | "runs" | "digests" | "present" | "renew" | "vanished">>;
type Seen = Batch["seen"];
const none: Seen = { models: 0, versions: 0, skipped: 0 };

/** Writes a part without moving the run on. */
const put = (work: Work, part: Part) => recordBatch(work.ctx, { runId: work.runId, cursor: null, seen: none, ...part });

/** Moves the run on, and writes what goes along with it. */
async function advance(work: Work, next: Partial<Cursor>, seen: Seen = none, part: Part = {}): Promise<void> {
  work.cursor = { ...work.cursor, ...next, beat: work.ctx.now().toISOString() };
  await recordBatch(work.ctx, { runId: work.runId, cursor: work.cursor, seen, ...part });
}

/** A few models' changes are written model by model, so that each model's history shows its own; many are written together. */
async function putByModel<T>(
  work: Work,
  rows: readonly T[],
  model: (row: T) => string,
  part: (rows: T[]) => Part,
): Promise<void> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(model(row), [...(groups.get(model(row)) ?? []), row]);
  if (groups.size <= fewModels) {
    for (const group of groups.values()) await put(work, part(group));
    return;
  }
  for (let at = 0; at < rows.length; at += 1000) await put(work, part(rows.slice(at, at + 1000)));
}

async function readVersions(work: Work, size: number): Promise<void> {
  const { client, connection, ctx } = work;
  const floor = work.cursor.full || work.cursor.since === null ? null : work.cursor.since - overlapMs;
  for (;;) {
    const page = await client.versions("last_updated_timestamp DESC", work.cursor.token, null, size);
    const stamps = page.model_versions.map((v) => v.last_updated_timestamp ?? v.creation_timestamp);
    const watermark = work.cursor.watermark ?? stamps[0] ?? work.cursor.since;
    const fresh = page.model_versions.filter(
      (v, i) => !isPrompt(v.tags) && (floor === null || (stamps[i] ?? 0) >= floor),
    );
    const rows = fresh.map(seenVersion);
    const different = await changedVersions(ctx.db, connection.id, rows);
    await putByModel(
      work,
      different,
      (v) => v.model,
      (versions) => ({ versions }),
    );
    const differs = new Set(different);
    const same = rows.filter((r) => !differs.has(r));
    const reached = floor !== null && fresh.length < page.model_versions.length;
    const done = page.next_page_token === null || page.next_page_token === work.cursor.token || reached;
    await advance(
      work,
      done
        ? { phase: "models", token: null, watermark: watermark ?? null }
        : { token: page.next_page_token, watermark: watermark ?? null },
      { ...none, versions: rows.length, skipped: 0 },
      // A daily full sweep also renews what ages; versions that changed were written above.
      work.cursor.full && same.length > 0 ? { versions: same, renew: true } : {},
    );
    if (done) return;
  }
}

async function readModels(work: Work, size: number): Promise<void> {
  const { client, connection, ctx } = work;
  for (;;) {
    const page = await client.models(work.cursor.token, size);
    const rows = page.registered_models.filter((m) => !isPrompt(m.tags)).map(seenModel);
    const different = new Set((await changedModels(ctx.db, connection.id, rows)).map((m) => m.name));
    for (const m of await mismatches(ctx.db, connection, rows)) different.add(m.external_name);
    await putByModel(
      work,
      rows.filter((m) => different.has(m.name)),
      (m) => m.name,
      (models) => ({ models }),
    );
    const same = rows.filter((m) => !different.has(m.name));
    const done = page.next_page_token === null || page.next_page_token === work.cursor.token;
    await advance(
      work,
      done ? { phase: "runs", token: null } : { token: page.next_page_token },
      { ...none, models: rows.length },
      {
        present: rows.map((m) => m.name),
        ...(work.cursor.full && same.length > 0 ? { models: same, renew: true } : {}),
      },
    );
    if (done) return;
  }
}

async function readRuns(work: Work): Promise<void> {
  const { client, connection, ctx } = work;
  let experiments: Map<string, string> | null = null;
  for (;;) {
    const pending = await unreadRuns(ctx.db, connection.id, work.cursor.token, 1000);
    if (pending.length === 0) return advance(work, { phase: "digests", token: null });
    experiments ??= new Map((await client.experiments()).map((e) => [e.experiment_id, e.name]));
    const found = await fetchRuns(client, [...experiments.keys()], pending);
    const rows = pending.flatMap((p) => {
      const run = p.run_id ? found.get(p.run_id) : undefined;
      if (!p.run_id || run === undefined) return [];
      return [
        {
          external: p.external_name,
          seen: seenRun(p.id, p.run_id, run, run ? (experiments?.get(run.info.experiment_id) ?? null) : null),
        },
      ];
    });
    await putByModel(
      work,
      rows,
      (r) => r.external,
      (part) => ({ runs: part.map((r) => r.seen) }),
    );
    await advance(work, { token: pending.at(-1)?.id ?? null });
  }
}

/** Runs by id, in requests of a hundred; those a search does not find are asked for one by one, eight at a time. Null: deleted. */
async function fetchRuns(
  client: MlflowClient,
  experiments: readonly string[],
  pending: readonly Pending[],
): Promise<Map<string, Run | null>> {
  const ids = [...new Set(pending.flatMap((p) => (p.run_id ? [p.run_id] : [])))];
  const found = new Map<string, Run | null>();
  if (experiments.length > 0 && experiments.length <= 1000) {
    const chunks: string[][] = [];
    for (let at = 0; at < ids.length; at += runsPerRequest) chunks.push(ids.slice(at, at + runsPerRequest));
    await side(4, chunks, async (chunk) => {
      for (const run of await client.runs(experiments, chunk)) found.set(run.info.run_id, run);
    });
  }
  await side(
    8,
    ids.filter((id) => !found.has(id)),
    async (id) => {
      found.set(id, await client.run(id));
    },
  );
  return found;
}

async function readDigests(work: Work): Promise<void> {
  const { client, connection, ctx } = work;
  let left = digestsPerRun;
  while (left > 0) {
    const pending = await unreadDigests(ctx.db, connection.id, work.cursor.token, Math.min(left, 100));
    if (pending.length === 0) break;
    left -= pending.length;
    const read: { external: string; digest: Batch["digests"][number] }[] = [];
    await side(4, pending, async (p) => {
      const { digest, source, facts } = await readArtifacts(client, p.external_name, p.version);
      read.push({ external: p.external_name, digest: { versionId: p.id, digest, source, facts } });
    });
    await putByModel(
      work,
      read,
      (r) => r.external,
      (rows) => ({ digests: rows.map((r) => r.digest) }),
    );
    await advance(work, { token: pending.at(-1)?.id ?? null });
  }
  await advance(work, { phase: "done", token: null });
}

async function loseMissing(work: Work): Promise<void> {
  const ids = await missingTwice(work.ctx.db, work.connection.id, work.cursor.sweep);
  if (ids.length <= fewModels) for (const id of ids) await put(work, { vanished: [id] });
  else await put(work, { vanished: ids });
}

/** Runs `each` over the items, at most `width` at once; the first failure stops the rest. */
async function side<T>(width: number, items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (!failed) {
      const item = items[next++];
      if (item === undefined) return;
      try {
        await each(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
