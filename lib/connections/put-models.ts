import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sha256Hex } from "@/lib/connectors/text";
import type { NewFact } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import type { Batch, Change } from "./batch-input";
import { saying } from "./emptied";
import type { Connection } from "./find";
import { ensureModels } from "./put-versions";
import { reconcile } from "./reconcile";

/** Writes models as the registry tells them: description, tags, aliases, and what serves in production by the alias. */
export async function putModels(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  const rows = batch.models;
  if (rows.length === 0) return [];
  const { byId, made } = await ensureModels(tx, c, rows, now);
  const values = rows.flatMap((r) => {
    const model = byId.get(r.id);
    return model ? [{ ...r, externalId: r.id, id: model.id, inventory: model.name }] : [];
  });
  const json = JSON.stringify(values.map(({ id, name, description, sha256 }) => ({ id, name, description, sha256 })));
  // Once somebody owns the model, its description in the inventory is theirs; the registry's is kept as a fact.
  const { rows: written } = await tx.execute<{ id: string; back: boolean; known: boolean; former: string }>(sql`
    update model m set registry_sha256 = decode(x.sha256, 'hex'), updated_at = ${now.toISOString()}::timestamptz,
      external_name = x.name,
      description = case when m.owner_id is null then x.description else m.description end,
      vanished_at = null, missed_sweeps = 0, revision = m.revision + 1
    from jsonb_to_recordset(${json}::jsonb) as x(id uuid, name text, description text, sha256 text),
      (select id, external_name as former, vanished_at is not null as back, registry_sha256 is not null as known
        from model where connection_id = ${c.id}) old
    where m.id = x.id and old.id = m.id and (m.registry_sha256 is distinct from decode(x.sha256, 'hex') or m.vanished_at is not null)
    returning m.id, old.back, old.known, old.former`);
  const changed = new Map(written.map((w) => [w.id, w]));

  await putRecords(
    tx,
    values.filter((v) => changed.has(v.id)),
    now,
  );

  const aliasRows = values.flatMap((v) => v.aliases.map((a) => ({ id: v.id, ...a })));
  const { rows: moved } = await tx.execute<{ id: string; model_id: string; version: string; aliases: string[] }>(sql`
    with told as (
      select id, version, array_agg(alias order by alias) as aliases
      from jsonb_to_recordset(${JSON.stringify(aliasRows)}::jsonb) as x(id uuid, alias text, version text) group by 1, 2
    )
    update model_version v set aliases = coalesce(n.aliases, '{}')
    from (
      select w.id, told.aliases from model_version w left join told on told.id = w.model_id and told.version = w.version
      where w.model_id = any(${`{${values.map((v) => v.id).join(",")}}`}::uuid[])
        and w.aliases is distinct from coalesce(told.aliases, '{}')
    ) n
    where v.id = n.id returning v.id, v.model_id, v.version, v.aliases`);

  const source = { kind: "connection" as const, id: c.id, name: c.name, runRef: batch.runId };
  const at = { effectiveAt: now, collectedAt: now, source };
  const facts: NewFact[] = moved.map((v) => ({
    subjectKind: "model_version",
    subjectId: v.id,
    key: "registry.aliases",
    value: v.aliases,
    ...at,
  }));
  for (const v of values) {
    if (!changed.has(v.id) && !batch.renew) continue;
    const wasKnown = changed.get(v.id)?.known === true;
    if (wasKnown || v.description)
      facts.push({
        subjectKind: "model",
        subjectId: v.id,
        key: "registry.description",
        value: v.description.slice(0, 2000),
        ...at,
      });
    if (wasKnown || Object.keys(v.tags).length > 0)
      facts.push({ subjectKind: "model", subjectId: v.id, key: "registry.tags", value: v.tags, ...at });
  }
  await recordFacts(tx, await saying(tx, facts), now);

  const names = new Map(values.map((v) => [v.id, v.inventory]));
  const changes: Change[] = values
    .filter((v) => changed.has(v.id))
    .map((v) => ({
      what: made.has(v.externalId)
        ? "found"
        : changed.get(v.id)?.back
          ? "seen again"
          : changed.get(v.id)?.known
            ? "described"
            : "read",
      model: v.inventory,
      modelId: v.id,
      aliases: v.aliases,
      sha256: v.sha256,
    }));
  for (const v of values) {
    const former = changed.get(v.id)?.former;
    if (former !== undefined && former !== v.name)
      changes.push({ what: "renamed", model: v.inventory, modelId: v.id, from: former, to: v.name });
  }
  for (const v of moved)
    changes.push({
      what: "aliases",
      model: names.get(v.model_id) ?? "",
      modelId: v.model_id,
      version: v.version,
      aliases: v.aliases,
    });
  changes.push(...(await reconcile(tx, c, rows, now)));
  return changes;
}

/** Keeps each model's record as it came. */
async function putRecords(tx: Tx, values: readonly { id: string; raw: string }[], now: Date): Promise<void> {
  if (values.length === 0) return;
  const rows = values.map(({ id, raw }) => ({ id, raw, sha: sha256Hex(raw) }));
  await tx.execute(sql`
    insert into registry_record (model_id, raw, raw_sha256, read_at)
    select x.id, convert_to(x.raw, 'UTF8'), decode(x.sha, 'hex'), ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, raw text, sha text)
    on conflict (model_id) do update set raw = excluded.raw, raw_sha256 = excluded.raw_sha256, read_at = excluded.read_at`);
}
