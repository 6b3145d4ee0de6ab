import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { NewFact } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import { recordEdges, runEdges } from "@/lib/lineage/record";
import type { Batch, Change } from "./batch-input";
import type { Connection } from "./find";

type Known = { id: string; model_id: string; model: string; version: string };

async function known(tx: Tx, ids: readonly string[]): Promise<Map<string, Known>> {
  const { rows } = await tx.execute<Known>(sql`
    select v.id, v.model_id, m.name as model, v.version from model_version v join model m on m.id = v.model_id
    where v.id = any(${`{${ids.join(",")}}`}::uuid[])`);
  return new Map(rows.map((r) => [r.id, r]));
}

const factsOf = (
  c: Connection,
  runId: string,
  versionId: string,
  facts: Batch["runs"][number]["facts"],
  now: Date,
): NewFact[] =>
  Object.entries(facts).map(([key, value]) => ({
    subjectKind: "model_version",
    subjectId: versionId,
    key,
    value,
    effectiveAt: now,
    collectedAt: now,
    source: { kind: "connection", id: c.id, name: c.name, runRef: runId },
  }));

/** Writes what runs tell about the versions they produced: facts, commit, and lineage from datasets through the run. */
export async function putRuns(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  if (batch.runs.length === 0) return [];
  const versions = await known(
    tx,
    batch.runs.map((r) => r.versionId),
  );
  const rows = batch.runs.filter((r) => versions.has(r.versionId));
  const { changed } = await recordFacts(
    tx,
    rows.flatMap((r) => factsOf(c, batch.runId, r.versionId, r.facts, now)),
    now,
  );
  await tx.execute(sql`
    update model_version v set commit = coalesce(x.commit, v.commit), trained_by = coalesce(x."user", v.trained_by),
      run_read_at = case when x.ended then ${now.toISOString()}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows.map(({ versionId, commit, user, ended }) => ({ versionId, commit, user, ended })))}::jsonb)
      as x("versionId" uuid, commit text, "user" text, ended boolean)
    where v.id = x."versionId"`);

  const edges = rows.flatMap((r) => {
    const v = versions.get(r.versionId);
    // A run that could not be read says nothing about where the version comes from.
    if (!v || Object.keys(r.facts).length <= 2) return [];
    return runEdges(
      { id: r.runId, name: r.name ?? r.runId },
      r.datasets.map((d) => ({ id: `${d.name}#${d.digest}`, name: d.name })),
      { id: v.id, name: `${v.model} ${v.version}`, modelId: v.model_id },
    );
  });
  await recordEdges(tx, edges, c.id, now);
  if (changed === 0) return [];
  return rows.flatMap((r): Change[] => {
    const v = versions.get(r.versionId);
    return v
      ? [
          {
            what: "run read",
            model: v.model,
            modelId: v.model_id,
            version: v.version,
            runId: r.runId,
            commit: r.commit,
            facts: Object.keys(r.facts).length,
            datasets: r.datasets.map((d) => `${d.name}:${d.digest}`),
          },
        ]
      : [];
  });
}

/** Writes digests that were computed from files, or why there is none. A digest that is known already stays. */
export async function putDigests(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  if (batch.digests.length === 0) return [];
  const versions = await known(
    tx,
    batch.digests.map((d) => d.versionId),
  );
  const { rows: written } = await tx.execute<{ id: string }>(sql`
    update model_version v set digest = x.digest, digest_source = x.source
    from jsonb_to_recordset(${JSON.stringify(batch.digests.map(({ versionId, digest, source }) => ({ versionId, digest, source })))}::jsonb)
      as x("versionId" uuid, digest text, source text)
    where v.id = x."versionId" and v.digest is null and v.digest_source is null returning v.id`);
  const done = new Set(written.map((w) => w.id));
  const rows = batch.digests.filter((d) => done.has(d.versionId));
  await recordFacts(
    tx,
    rows.flatMap((d) =>
      factsOf(
        c,
        batch.runId,
        d.versionId,
        { ...d.facts, "artifact.digest_source": d.source, ...(d.digest ? { "artifact.digest": d.digest } : {}) },
        now,
      ),
    ),
    now,
  );
  return rows.flatMap((d): Change[] => {
    const v = versions.get(d.versionId);
    return v
      ? [
          {
            what: d.digest ? "digest computed" : "no digest",
            model: v.model,
            modelId: v.model_id,
            version: v.version,
            digest: d.digest,
            source: d.source,
          },
        ]
      : [];
  });
}
