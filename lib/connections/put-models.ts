import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { NewFact } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import type { Batch, Change } from "./batch-input";
import type { Connection } from "./find";
import { ensureModels } from "./put-versions";
import { reconcile } from "./reconcile";

/** Writes models as the registry tells them: description, tags, aliases, and what serves in production by the alias. */
export async function putModels(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  const rows = batch.models;
  if (rows.length === 0) return [];
  const { byName, made } = await ensureModels(
    tx,
    c,
    rows.map((r) => r.name),
    now,
  );
  const values = rows.flatMap((r) => {
    const model = byName.get(r.name);
    return model ? [{ ...r, id: model.id, inventory: model.name }] : [];
  });
  const json = JSON.stringify(values.map(({ id, description, sha256 }) => ({ id, description, sha256 })));
  // Once somebody owns the model, its description in the inventory is theirs; the registry's is kept as a fact.
  const { rows: written } = await tx.execute<{ id: string; back: boolean; known: boolean }>(sql`
    update model m set registry_sha256 = decode(x.sha256, 'hex'), updated_at = ${now.toISOString()}::timestamptz,
      description = case when m.owner_id is null then x.description else m.description end,
      vanished_at = null, missed_sweeps = 0, revision = m.revision + 1
    from jsonb_to_recordset(${json}::jsonb) as x(id uuid, description text, sha256 text),
      (select id, vanished_at is not null as back, registry_sha256 is not null as known from model where connection_id = ${c.id}) old
    where m.id = x.id and old.id = m.id and (m.registry_sha256 is distinct from decode(x.sha256, 'hex') or m.vanished_at is not null)
    returning m.id, old.back, old.known`);
  const changed = new Map(written.map((w) => [w.id, w]));

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
  await recordFacts(tx, facts, now);

  const names = new Map(values.map((v) => [v.id, v.inventory]));
  const changes: Change[] = values
    .filter((v) => changed.has(v.id))
    .map((v) => ({
      what: made.has(v.name)
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
  for (const v of moved)
    changes.push({
      what: "aliases",
      model: names.get(v.model_id) ?? "",
      modelId: v.model_id,
      version: v.version,
      aliases: v.aliases,
    });
  changes.push(...(await reconcile(tx, c, values, now)));
  return changes;
}
