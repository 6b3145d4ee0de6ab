import "server-only";
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { newId } from "@/lib/core/ids";
import type { NewFact } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import type { Platform } from "@/lib/models/model";
import type { Batch, Change } from "./batch-input";
import type { Connection } from "./find";

export const rawSha256 = (raw: string): string => createHash("sha256").update(raw).digest("hex");

const isDatabricks = (baseUrl: string): boolean =>
  /\.(cloud\.databricks\.com|azuredatabricks\.net|gcp\.databricks\.com)$/.test(new URL(baseUrl).hostname);

export const platformOf = (c: Connection): Platform => (isDatabricks(c.baseUrl) ? "databricks" : "mlflow");

/**
 * The models of these registry names, made where they are new. A name that the inventory holds already (entered by hand, or from
 * another registry) gets the connection's name behind it: the two are joined by people, not by a coincidence of names.
 */
export async function ensureModels(
  tx: Tx,
  c: Connection,
  names: readonly string[],
  now: Date,
): Promise<{ byName: Map<string, { id: string; name: string }>; made: Set<string> }> {
  const wanted = JSON.stringify([...new Set(names)]);
  const byName = new Map<string, { id: string; name: string }>();
  const find = async () => {
    const { rows } = await tx.execute<{ id: string; name: string; external_name: string }>(sql`
      select m.id, m.name, m.external_name from jsonb_array_elements_text(${wanted}::jsonb) x(name)
      join model m on m.connection_id = ${c.id} and m.external_name = x.name`);
    for (const row of rows) byName.set(row.external_name, { id: row.id, name: row.name });
  };
  await find();
  const missing = [...new Set(names)].filter((name) => !byName.has(name));
  if (missing.length === 0) return { byName, made: new Set() };
  const { rows: taken } = await tx.execute<{ name: string }>(
    sql`select m.name from jsonb_array_elements_text(${JSON.stringify(missing)}::jsonb) x(name) join model m on m.name = x.name`,
  );
  const used = new Set(taken.map((r) => r.name));
  await tx
    .insert(models)
    .values(
      missing.map((external) => ({
        id: newId(),
        name: used.has(external) ? `${external}@${c.name}` : external,
        platform: platformOf(c),
        stage: "unclaimed" as const,
        connectionId: c.id,
        externalName: external,
        sourceUrl: `${c.baseUrl}/#/models/${encodeURIComponent(external)}`,
        lastSeenAt: now,
        createdAt: now,
        updatedAt: now,
      })),
    )
    .onConflictDoNothing({ target: [models.connectionId, models.externalName] });
  await find();
  return { byName, made: new Set(missing) };
}

/** Writes versions as the registry tells them; answers with what was new or different. */
export async function putVersions(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  const rows = batch.versions;
  if (rows.length === 0) return [];
  const { byName, made } = await ensureModels(
    tx,
    c,
    rows.map((r) => r.model),
    now,
  );
  const values = rows.flatMap((r) => {
    const model = byName.get(r.model);
    return model ? [{ ...r, id: newId(), modelId: model.id, sha: rawSha256(r.raw) }] : [];
  });
  const { rows: written } = await tx.execute<{ id: string; model_id: string; version: string; inserted: boolean }>(sql`
    insert into model_version as v (id, model_id, version, run_id, source_uri, status, trained_by, registered_at, last_seen_at,
      digest, digest_source, raw, raw_sha256)
    select x.id, x."modelId", x.version, x."runId", x.source, x.status, x."user", x."registeredAt", ${now.toISOString()}::timestamptz,
      x.digest, case when x.digest is null then null else 'tag ' || x."digestTag" end, convert_to(x.raw, 'UTF8'), decode(x.sha, 'hex')
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x(id uuid, "modelId" uuid, version text, "runId" text, source text,
      status text, "user" text, "registeredAt" timestamptz, digest text, "digestTag" text, raw text, sha text)
    on conflict (model_id, version) do update set
      run_id = excluded.run_id, source_uri = excluded.source_uri, status = excluded.status, raw = excluded.raw,
      raw_sha256 = excluded.raw_sha256, last_seen_at = excluded.last_seen_at,
      digest = coalesce(excluded.digest, v.digest),
      digest_source = case when excluded.digest is null then v.digest_source else excluded.digest_source end,
      run_read_at = case when v.run_id is distinct from excluded.run_id then null else v.run_read_at end
    where v.raw_sha256 is distinct from excluded.raw_sha256
    returning v.id, v.model_id, v.version, (xmax = 0) as inserted`);

  const changed = new Map(written.map((w) => [`${w.model_id} ${w.version}`, w]));
  const ids = new Map(written.map((w) => [`${w.model_id} ${w.version}`, w.id]));
  if (batch.renew) {
    const { rows: all } = await tx.execute<{ id: string; model_id: string; version: string }>(sql`
      select v.id, v.model_id, v.version from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x("modelId" uuid, version text)
      join model_version v on v.model_id = x."modelId" and v.version = x.version`);
    for (const v of all) ids.set(`${v.model_id} ${v.version}`, v.id);
  }
  const facts: NewFact[] = [];
  for (const v of values) {
    const key = `${v.modelId} ${v.version}`;
    const subjectId = ids.get(key);
    if (!subjectId) continue;
    // A value that was taken away in the registry must go here too, so an empty one is said when a known version changed.
    const wasKnown = changed.get(key)?.inserted === false;
    const say = (name: string, value: NewFact["value"]) =>
      facts.push({
        subjectKind: "model_version",
        subjectId,
        key: name,
        value,
        effectiveAt: now,
        collectedAt: now,
        source: { kind: "connection", id: c.id, name: c.name, runRef: batch.runId },
      });
    say("registry.status", v.status);
    if (v.source) say("registry.source_uri", v.source);
    if (v.user) say("registry.user", v.user);
    if (wasKnown || v.description) say("registry.description", v.description);
    if (wasKnown || Object.keys(v.tags).length > 0) say("registry.tags", v.tags);
    if (v.digest) {
      say("artifact.digest", v.digest);
      say("artifact.digest_source", `tag ${v.digestTag}`);
    }
  }
  await recordFacts(tx, facts, now);

  const told = new Set<string>();
  return values.flatMap((v): Change[] => {
    const w = changed.get(`${v.modelId} ${v.version}`);
    const model = byName.get(v.model);
    if (!w || !model) return [];
    const out: Change[] = [];
    if (made.has(v.model) && !told.has(v.model)) {
      told.add(v.model);
      out.push({ what: "found", model: model.name, modelId: model.id });
    }
    out.push({
      what: w.inserted ? "registered" : "changed",
      model: model.name,
      modelId: model.id,
      version: v.version,
      runId: v.runId,
      digest: v.digest,
      status: v.status,
      sha256: v.sha,
    });
    return out;
  });
}
