import "server-only";
import { isDeepStrictEqual } from "node:util";
import { inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { facts as table } from "@/db/schema/facts";
import { prepared, send } from "@/db/transact";
import { newId } from "@/lib/core/ids";
import { factKey } from "./catalogue";
import { type FactValue, type NewFact, valueFault } from "./fact";

/** How many facts were new or changed, and how many were seen again as they were. */
export type Recorded = { changed: number; refreshed: number };

const chunk = 2000;

/**
 * Records observations. A changed value supersedes the current fact of the same subject, key and source; an unchanged one
 * only moves `collectedAt`, so that syncing again writes no history. Of several for one key in a batch the last counts.
 * Four statements per 2,000 facts, whatever changed. A key outside the catalogue or a value of the wrong type is a fault of
 * the caller: commands check input with `valueFault` first.
 */
export async function recordFacts(tx: Tx, incoming: readonly NewFact[], now: Date): Promise<Recorded> {
  const wanted = new Map<string, NewFact>();
  for (const fact of incoming) {
    const known = factKey(fact.key);
    if (!known) throw new Error(`"${fact.key}" is not in the catalogue of facts.`);
    const fault = valueFault(known.type, fact.value);
    if (fault) throw new Error(`${fact.key} does not take ${JSON.stringify(fact.value).slice(0, 80)}. ${fault}`);
    wanted.set(identity(fact.subjectId, fact.key, fact.source.id), fact);
  }
  const all = [...wanted.entries()];
  const total: Recorded = { changed: 0, refreshed: 0 };
  for (let from = 0; from < all.length; from += chunk) {
    const part = await recordChunk(tx, new Map(all.slice(from, from + chunk)), now);
    total.changed += part.changed;
    total.refreshed += part.refreshed;
  }
  return total;
}

const currentOf = prepared(
  "facts_current",
  `select id, subject_id as "subjectId", key, source_id as "sourceId", value from fact
    where subject_id = any($1::uuid[]) and key = any($2::text[]) and superseded_at is null`,
);

const insertFacts = prepared(
  "facts_inserted",
  `insert into fact (id, subject_kind, subject_id, key, value, effective_at, collected_at, recorded_at, source_kind, source_id,
      source_name, run_ref)
    select x.id, x.subject_kind, x.subject_id, x.key, x.value, x.effective_at, x.collected_at, $2::timestamptz, x.source_kind,
      x.source_id, x.source_name, x.run_ref
    from jsonb_to_recordset($1::jsonb) as x(id uuid, subject_kind text, subject_id uuid, key text, value jsonb,
      effective_at timestamptz, collected_at timestamptz, source_kind text, source_id text, source_name text, run_ref text)`,
);

const identity = (subjectId: string, key: string, sourceId: string) => `${subjectId} ${key} ${sourceId}`;

async function recordChunk(tx: Tx, wanted: ReadonlyMap<string, NewFact>, now: Date): Promise<Recorded> {
  const incoming = [...wanted.values()];
  const current = await send<{ id: string; subjectId: string; key: string; sourceId: string; value: FactValue }>(
    tx,
    currentOf,
    [[...new Set(incoming.map((f) => f.subjectId))], [...new Set(incoming.map((f) => f.key))]],
  );
  const before = new Map(current.map((row) => [identity(row.subjectId, row.key, row.sourceId), row]));

  const superseded: string[] = [];
  const refreshed: { id: string; collectedAt: Date; runRef: string | null }[] = [];
  const fresh: NewFact[] = [];
  for (const [name, fact] of wanted) {
    const old = before.get(name);
    if (old && isDeepStrictEqual(old.value, fact.value)) {
      refreshed.push({ id: old.id, collectedAt: fact.collectedAt, runRef: fact.source.runRef ?? null });
    } else {
      if (old) superseded.push(old.id);
      fresh.push(fact);
    }
  }

  if (superseded.length > 0) await tx.update(table).set({ supersededAt: now }).where(inArray(table.id, superseded));
  if (refreshed.length > 0) {
    const rows = refreshed.map(
      (r) => sql`(${r.id}::uuid, ${r.collectedAt.toISOString()}::timestamptz, ${r.runRef}::text)`,
    );
    await tx.execute(sql`
      update fact set collected_at = greatest(fact.collected_at, seen.at), run_ref = coalesce(seen.run_ref, fact.run_ref)
      from (values ${sql.join(rows, sql`, `)}) as seen (id, at, run_ref) where fact.id = seen.id`);
  }
  if (fresh.length > 0) {
    const rows = fresh.map((f) => ({
      id: newId(),
      subject_kind: f.subjectKind,
      subject_id: f.subjectId,
      key: f.key,
      value: f.value,
      effective_at: f.effectiveAt,
      collected_at: f.collectedAt,
      source_kind: f.source.kind,
      source_id: f.source.id,
      source_name: f.source.name,
      run_ref: f.source.runRef ?? null,
    }));
    await send(tx, insertFacts, [JSON.stringify(rows), now.toISOString()]);
  }
  return { changed: fresh.length, refreshed: refreshed.length };
}
