import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connections } from "@/db/schema/models";
import type { FactValue, NewFact } from "@/lib/facts/fact";
import { observeFacts } from "@/lib/facts/record";
import type { Batch, Change } from "./batch-input";
import type { Connection } from "./find";

type Known = {
  subject: string;
  modelId: string | null;
  matchedBy: "declared" | "person" | null;
  keys: string[];
};

/**
 * Writes what a source tells about its subjects. A subject that a person mapped is that model; else it is the model that the source
 * itself names, unless another subject tells that model the same facts already; else it is kept as no model, and its observations
 * are counted and not written.
 */
export async function putSubjects(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  if (batch.subjects.length === 0) return [];
  // Mapping by people takes the same lock, so that the two never meet in the middle.
  await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, c.id)).for("update");
  const { rows: known } = await tx.execute<Known>(sql`
    select subject, model_id as "modelId", matched_by as "matchedBy", keys from source_subject
    where connection_id = ${c.id} and (model_id is not null or subject in (
      select jsonb_array_elements_text(${JSON.stringify(batch.subjects.map((s) => s.subject))}::jsonb)))`);
  const { rows: named } = await tx.execute<{ id: string; name: string }>(sql`
    select id, name from model where id = any(${`{${known.flatMap((k) => k.modelId ?? []).join(",")}}`}::uuid[])
      or name in (select jsonb_array_elements_text(${JSON.stringify(batch.subjects.flatMap((s) => s.declared ?? []))}::jsonb))`);
  const nameOf = new Map(named.map((m) => [m.id, m.name]));
  const idOf = new Map(named.map((m) => [m.name, m.id]));
  const before = new Map(known.map((k) => [k.subject, k]));
  /** Which subject tells a model which fact. */
  const teller = new Map(
    known.flatMap((k) => (k.modelId === null ? [] : k.keys.map((key) => [`${k.modelId} ${key}`, k.subject] as const))),
  );
  const ended: { modelId: string; keys: string[] }[] = [];
  const matched = batch.subjects
    .toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    .map((s) => {
      const old = before.get(s.subject);
      const keys = s.observations.map((o) => o.key);
      const byPerson = old?.matchedBy === "person" ? old.modelId : null;
      const declared = s.declared === null ? null : (idOf.get(s.declared) ?? null);
      const taken = keys.some((key) => ![undefined, s.subject].includes(teller.get(`${declared} ${key}`)));
      const modelId = byPerson ?? (taken ? null : declared);
      if (old?.modelId && old.modelId !== modelId) ended.push({ modelId: old.modelId, keys: old.keys });
      if (modelId) for (const key of keys) teller.set(`${modelId} ${key}`, s.subject);
      return { ...s, keys, modelId, matchedBy: byPerson ? "person" : modelId ? "declared" : null };
    });
  await tx.execute(sql`
    insert into source_subject as s (connection_id, subject, declared, model_id, matched_by, keys, first_seen_at, last_seen_at)
    select ${c.id}, x.subject, x.declared, x."modelId", x."matchedBy", x.keys, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(matched.map(({ observations: _, ...m }) => m))}::jsonb)
      as x(subject text, declared text, "modelId" uuid, "matchedBy" text, keys text[])
    on conflict (connection_id, subject) do update set declared = excluded.declared, model_id = excluded.model_id,
      matched_by = excluded.matched_by, keys = excluded.keys, first_seen_at = coalesce(s.first_seen_at, excluded.first_seen_at),
      last_seen_at = excluded.last_seen_at`);
  for (const { modelId, keys } of ended) await endFacts(tx, c.id, modelId, keys, now);

  const fresh = matched.flatMap((s) =>
    s.observations.flatMap((o): NewFact[] =>
      s.modelId === null
        ? []
        : [
            {
              subjectKind: "model",
              subjectId: s.modelId,
              key: o.key,
              value: o.value,
              effectiveAt: new Date(o.effectiveAt),
              collectedAt: now,
              source: { kind: "connection", id: c.id, name: c.name, runRef: batch.runId },
              detail: o.detail,
            },
          ],
    ),
  );
  const valuesBefore = await valuesOf(tx, c.id, [...new Set(fresh.map((f) => f.subjectId))]);
  const { touched } = await observeFacts(tx, fresh, now);
  const changes = [...touched].map((modelId): Change => {
    const of = fresh.filter((f) => f.subjectId === modelId);
    const other = of.filter((f) => JSON.stringify(valuesBefore.get(`${modelId} ${f.key}`)) !== JSON.stringify(f.value));
    return {
      what: "observed",
      model: nameOf.get(modelId) ?? modelId,
      modelId,
      facts: Object.fromEntries((other.length > 0 ? other : of).map((f) => [f.key, f.value])),
    };
  });
  return [
    ...ended.map(
      ({ modelId, keys }): Change => ({
        what: "is no longer told about",
        model: nameOf.get(modelId) ?? modelId,
        modelId,
        keys,
      }),
    ),
    ...changes,
  ];
}

async function valuesOf(tx: Tx, sourceId: string, ids: readonly string[]): Promise<Map<string, FactValue>> {
  const { rows } = await tx.execute<{ id: string; value: FactValue }>(sql`
    select subject_id || ' ' || key as id, value from fact where source_id = ${sourceId} and superseded_at is null
      and subject_id = any(${`{${ids.join(",")}}`}::uuid[])`);
  return new Map(rows.map((r) => [r.id, r.value]));
}

/** Facts of a connection about a model are in force no longer: their subject is another model, or none. */
export async function endFacts(
  tx: Tx,
  connectionId: string,
  modelId: string,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    update fact set superseded_at = ${now.toISOString()}::timestamptz where source_id = ${connectionId} and subject_id = ${modelId}
      and superseded_at is null and key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`);
}
