import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { HttpLimits } from "@/lib/connectors/http";
import { kindOf } from "@/lib/connectors/kinds";
import { openRegistry } from "@/lib/connectors/registries";
import { emptyPage, type Page, type RegistryClient, type SeenModel, type SeenVersion } from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { isSource } from "@/lib/connectors/systems";
import { connectorActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { recordBatch } from "./batch";
import type { Batch, Cursor } from "./batch-input";
import type { SyncTrigger } from "./connection";
import { targetOf } from "./find";
import { changedModels, changedVersions, missingTwice, unreadDigests, unreadRuns } from "./pending";
import { readSource } from "./read-source";
import { mismatches } from "./reconcile";
import { completeRun, failRun, type StartedRun, startRun } from "./run";

/** Up to so many models in a batch get an entry each, in their own history; more share one. */
const fewModels = 20;
/** Versions are read again this far behind the watermark, in case the server's writes overlapped. */
const overlapMs = 10 * 60_000;
/** Versions whose files are read in one run; the rest follow in the next. */
const digestsPerRun = 500;

type Work = StartedRun & { ctx: Ctx; client: RegistryClient };

export type SyncOptions = { limits?: Partial<HttpLimits>; pageSize?: number };

/**
 * Reads a source of facts (read-source.ts) or a registry of any kind: its models, versions and what it serves (those that changed since the last completed run, all of
 * them on a full sweep), then the runs and files of versions not read before. Each batch is written with the place the run has
 * reached, so a killed run goes on from there; a second run over an unchanged registry changes nothing. A record that cannot be
 * understood is kept apart; a registry that fails leaves what was read before.
 */
export async function syncRegistry(
  portal: Ctx,
  asked: { connectionId: string; trigger: SyncTrigger; only?: string | undefined },
  options: SyncOptions = {},
): Promise<{ runId: string; changed: number }> {
  const ctx: Ctx = { ...portal, actor: connectorActor({ id: asked.connectionId, name: "Registry" }) };
  const started = await startRun(ctx, { ...asked, job: portal.requestId });
  const { connection, runId } = started;
  const { system } = connection;
  ctx.actor = connectorActor(connection);
  let client: RegistryClient | undefined;
  try {
    if (isSource(system)) await readSource(ctx, started, system, options);
    else {
      client = await openRegistry(system, targetOf(connection), options.limits);
      await readRegistry({ ...started, ctx, client }, options.pageSize ?? 1000);
    }
    const { changed } = await completeRun(ctx, { runId });
    return { runId, changed };
  } catch (error) {
    // Anything else than the system's own failure leaves the run as it is, to be taken up by the next attempt.
    if (error instanceof UpstreamFault) await failRun(ctx, { runId, error: error.message.slice(0, 2000) });
    throw error;
  } finally {
    client?.close();
  }
}

async function readRegistry(work: Work, size: number): Promise<void> {
  if (work.cursor.phase === "read") await readPages(work, size);
  if (work.cursor.phase === "runs") await readRuns(work);
  if (work.cursor.phase === "digests") await readDigests(work);
  if (work.cursor.only === null && !work.cursor.blind) await loseMissing(work);
}

type Part = Partial<Omit<Batch, "runId" | "cursor" | "seen">>;
type Seen = Batch["seen"];
const none: Seen = { models: 0, versions: 0, skipped: 0, facts: 0 };

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

async function readPages(work: Work, size: number): Promise<void> {
  const { client, cursor: from } = work;
  const since = from.full || from.since === null ? null : from.since - overlapMs;
  for (;;) {
    const { token } = work.cursor;
    const page =
      from.only === null
        ? await client.read({ token, since, size })
        : ((await client.readModel?.(from.only)) ?? emptyPage);
    if (page.next !== null && page.next === token)
      throw new UpstreamFault("shape", `${work.connection.name} repeats a page token, so its list has no end.`);
    await writePage(work, page);
    if (page.next === null) return;
  }
}

/** Versions before models, because aliases stand on versions; what serves comes last. */
async function writePage(work: Work, page: Page): Promise<void> {
  const { connection, ctx, cursor } = work;
  const versions = newest(page.versions);
  const models = [...new Map(page.models.map((m) => [m.id, m])).values()];
  const different = await changedVersions(ctx.db, connection.id, versions);
  await putByModel(
    work,
    different,
    (v) => v.model.id,
    (rows) => ({ versions: rows }),
  );
  const changed = new Set((await changedModels(ctx.db, connection.id, models)).map((m) => m.id));
  for (const m of await mismatches(ctx.db, connection, models)) changed.add(m.external_id);
  await putByModel(
    work,
    models.filter((m) => changed.has(m.id)),
    (m) => m.id,
    (rows) => ({ models: rows }),
  );
  const unnamed = page.bad.some((b) => b.stream === "models" && b.key === null);
  const seen = cursor.models + models.length + page.present.length;
  if (page.next === null && (cursor.blind || unnamed) && seen === 0)
    throw new UpstreamFault(
      "shape",
      `${kindOf(connection.system).title} at ${connection.baseUrl} answered with models none of which could be understood: ${page.bad[0]?.reason}. Is it the system it should be, in a version we know?`,
    );
  const badModels = page.bad.flatMap((b) => (b.stream === "models" && b.key !== null ? [b.key] : []));
  const stamps = [cursor.watermark, page.watermark].filter((w) => w !== null);
  await advance(
    work,
    {
      phase: page.next === null ? "runs" : "read",
      token: page.next,
      watermark: stamps.length > 0 ? Math.max(...stamps) : page.next === null ? cursor.since : null,
      blind: cursor.blind || unnamed,
      models: seen,
      unread: [...new Map([...cursor.unread, ...page.unread].map((u) => [u.stream, u])).values()],
    },
    { ...none, models: models.length + page.present.length, versions: versions.length, skipped: page.bad.length },
    {
      // A model whose record cannot be understood is still there.
      present: [...models.map((m) => m.id), ...page.present, ...badModels],
      serving: page.serving,
      bad: page.bad,
      ...(cursor.renew ? renewed(versions, new Set(different), models, changed) : {}),
    },
  );
}

/** What ages and did not change; what changed was written above. */
function renewed(
  versions: readonly SeenVersion[],
  different: ReadonlySet<SeenVersion>,
  models: readonly SeenModel[],
  changed: ReadonlySet<string>,
): Part {
  const rest = {
    versions: versions.filter((v) => !different.has(v)),
    models: models.filter((m) => !changed.has(m.id)),
  };
  return rest.versions.length + rest.models.length > 0 ? { ...rest, renew: true } : {};
}

/** Of several records of one version in a page, the one that changed last. */
function newest(versions: readonly SeenVersion[]): SeenVersion[] {
  const best = new Map<string, SeenVersion>();
  for (const v of versions) {
    const key = `${v.model.id}\n${v.version}`;
    const other = best.get(key);
    if (!other || (v.changedAt ?? "") >= (other.changedAt ?? "")) best.set(key, v);
  }
  return [...best.values()];
}

async function readRuns(work: Work): Promise<void> {
  const { client, connection, ctx, cursor } = work;
  for (;;) {
    const pending = client.runs ? await unreadRuns(ctx.db, connection.id, cursor.only, work.cursor.token, 1000) : [];
    if (!client.runs || pending.length === 0) return advance(work, { phase: "digests", token: null });
    const { runs, bad } = await client.runs(pending);
    const models = new Map(pending.map((p) => [p.id, p.model.id]));
    await putByModel(
      work,
      runs,
      (r) => models.get(r.versionId) ?? "",
      (rows) => ({ runs: rows }),
    );
    await advance(work, { token: pending.at(-1)?.id ?? null }, { ...none, skipped: bad.length }, { bad });
  }
}

async function readDigests(work: Work): Promise<void> {
  const { client, connection, ctx, cursor } = work;
  const { artifacts } = client;
  for (let left = artifacts ? digestsPerRun : 0; artifacts && left > 0; ) {
    const pending = await unreadDigests(ctx.db, connection.id, cursor.only, work.cursor.token, Math.min(left, 100));
    if (pending.length === 0) break;
    left -= pending.length;
    const read: { model: string; digest: Batch["digests"][number] }[] = [];
    await side(4, pending, async (p) => {
      read.push({ model: p.model.id, digest: { versionId: p.id, ...(await artifacts(p)) } });
    });
    await putByModel(
      work,
      read,
      (r) => r.model,
      (rows) => ({ digests: rows.map((r) => r.digest) }),
    );
    await advance(work, { token: pending.at(-1)?.id ?? null });
  }
  await advance(work, { phase: "done", token: null });
}

async function loseMissing(work: Work): Promise<void> {
  if (work.cursor.unread.some((u) => u.stream === "models")) return;
  const ids = await missingTwice(work.ctx.db, work.connection.id, work.cursor.sweep);
  if (ids.length <= fewModels) for (const id of ids) await put(work, { vanished: [id] });
  else await put(work, { vanished: ids });
}
