import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { registryKinds } from "@/lib/connectors/kinds";
import type { ModelRef } from "@/lib/connectors/registry";
import { isSource } from "@/lib/connectors/systems";
import { sha256Hex } from "@/lib/connectors/text";
import { newId } from "@/lib/core/ids";
import type { NewFact } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import { inputEdges, recordEdges } from "@/lib/lineage/record";
import type { Batch, Change } from "./batch-input";
import { saying } from "./emptied";
import type { Connection } from "./find";

type Known = { id: string; name: string };

/**
 * The models of these registry ids, made where they are new. A name that the inventory holds already (entered by hand, or from
 * another registry) gets the connection's name behind it: the two are joined by people, not by a coincidence of names.
 */
export async function ensureModels(
  tx: Tx,
  c: Connection,
  refs: readonly ModelRef[],
  now: Date,
): Promise<{ byId: Map<string, Known>; made: Set<string> }> {
  const wanted = new Map(refs.map((r) => [r.id, r.name]));
  const byId = new Map<string, Known>();
  const find = async () => {
    const { rows } = await tx.execute<{ id: string; name: string; external_id: string }>(sql`
      select m.id, m.name, m.external_id from jsonb_array_elements_text(${JSON.stringify([...wanted.keys()])}::jsonb) x(id)
      join model m on m.connection_id = ${c.id} and m.external_id = x.id`);
    for (const row of rows) byId.set(row.external_id, { id: row.id, name: row.name });
  };
  await find();
  const missing = [...wanted].filter(([id]) => !byId.has(id));
  if (missing.length === 0) return { byId, made: new Set() };
  if (isSource(c.system)) throw new Error(`${c.name} is a source of facts and holds no models.`);
  const kind = registryKinds[c.system];
  const names = await freeNames(tx, c, missing);
  await tx
    .insert(models)
    .values(
      missing.map(([id, name]) => ({
        id: newId(),
        name: names.get(id) ?? id,
        platform: kind.platform(c.baseUrl),
        stage: "unclaimed" as const,
        connectionId: c.id,
        externalId: id,
        externalName: name,
        sourceUrl: kind.modelUrl(c.baseUrl, { id, name }),
        lastSeenAt: now,
        createdAt: now,
        updatedAt: now,
      })),
    )
    .onConflictDoNothing({ target: [models.connectionId, models.externalId] });
  await find();
  return { byId, made: new Set(missing.map(([id]) => id)) };
}

/** A name in the inventory for each new model: its own, else with the connection behind it, else with its id as well. */
async function freeNames(tx: Tx, c: Connection, missing: readonly (readonly [string, string])[]) {
  const choices = (id: string, name: string) => [name, `${name}@${c.name}`, `${name}@${c.name} (${id})`];
  const { rows } = await tx.execute<{ name: string }>(sql`
    select m.name from jsonb_array_elements_text(${JSON.stringify(missing.flatMap(([id, name]) => choices(id, name)))}::jsonb) x(name)
    join model m on m.name = x.name`);
  const used = new Set(rows.map((r) => r.name));
  const names = new Map<string, string>();
  for (const [id, name] of missing) {
    const free = choices(id, name).find((choice) => !used.has(choice)) ?? `${name}@${c.name} (${newId()})`;
    used.add(free);
    names.set(id, free);
  }
  return names;
}

/** Writes versions as the registry tells them; answers with what was new or different. */
export async function putVersions(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  const rows = batch.versions;
  if (rows.length === 0) return [];
  const { byId, made } = await ensureModels(
    tx,
    c,
    rows.map((r) => r.model),
    now,
  );
  const values = rows.flatMap((r) => {
    const model = byId.get(r.model.id);
    return model ? [{ ...r, id: newId(), modelId: model.id, sha: sha256Hex(r.raw) }] : [];
  });
  const { rows: written } = await tx.execute<{ id: string; model_id: string; version: string; inserted: boolean }>(sql`
    insert into model_version as v (id, model_id, version, run_id, source_uri, status, trained_by, registered_at, last_seen_at,
      digest, digest_source, commit, changed_at, raw, raw_sha256)
    select x.id, x."modelId", x.version, x."runId", x.source, x.status, x."user", x."registeredAt", ${now.toISOString()}::timestamptz,
      x.digest, case when x.digest is null then null else 'tag ' || x."digestTag" end,
      x.commit, x."changedAt", convert_to(x.raw, 'UTF8'), decode(x.sha, 'hex')
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x(id uuid, "modelId" uuid, version text, "runId" text, source text,
      status text, "user" text, "registeredAt" timestamptz, "changedAt" timestamptz, digest text, "digestTag" text, commit text, raw text, sha text)
    on conflict (model_id, version) do update set
      run_id = excluded.run_id, source_uri = excluded.source_uri, status = excluded.status, raw = excluded.raw,
      raw_sha256 = excluded.raw_sha256, last_seen_at = excluded.last_seen_at,
      digest = coalesce(excluded.digest, v.digest), commit = coalesce(excluded.commit, v.commit), changed_at = excluded.changed_at,
      digest_source = case when excluded.digest is null then v.digest_source else excluded.digest_source end,
      run_read_at = case when v.run_id is distinct from excluded.run_id then null else v.run_read_at end
    where v.raw_sha256 is distinct from excluded.raw_sha256 and excluded.changed_at is not distinct from greatest(excluded.changed_at, v.changed_at)
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
    if (v.commit) say("run.commit", v.commit);
    for (const [name, value] of Object.entries(v.facts)) say(name, value);
  }
  await recordFacts(tx, await saying(tx, facts), now);
  await recordEdges(
    tx,
    values.flatMap((v) => {
      const id = ids.get(`${v.modelId} ${v.version}`);
      const name = `${byId.get(v.model.id)?.name ?? v.model.name} ${v.version}`;
      return id ? inputEdges(v.inputs, { id, name, modelId: v.modelId }) : [];
    }),
    c.id,
    now,
  );

  const told = new Set<string>();
  return values.flatMap((v): Change[] => {
    const w = changed.get(`${v.modelId} ${v.version}`);
    const model = byId.get(v.model.id);
    if (!w || !model) return [];
    const out: Change[] = [];
    if (made.has(v.model.id) && !told.has(v.model.id)) {
      told.add(v.model.id);
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
