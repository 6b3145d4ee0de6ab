import "server-only";
import { isDeepStrictEqual } from "node:util";
import { and, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { facts as table } from "@/db/schema/facts";
import { newId } from "@/lib/core/ids";
import { factKey } from "./catalogue";
import { type NewFact, valueFault } from "./fact";

/** How many facts were new or changed, and how many were seen again as they were. */
export type Recorded = { changed: number; refreshed: number };

const chunk = 500;

/**
 * Records observations. A changed value supersedes the current fact of the same subject, key and source; an unchanged one
 * only moves `collectedAt`, so that syncing again writes no history. Of several for one key in a batch the last counts.
 * Four statements per 500 facts, whatever changed. A key outside the catalogue or a value of the wrong type is a fault of
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

const identity = (subjectId: string, key: string, sourceId: string) => `${subjectId} ${key} ${sourceId}`;

async function recordChunk(tx: Tx, wanted: ReadonlyMap<string, NewFact>, now: Date): Promise<Recorded> {
  const incoming = [...wanted.values()];
  const current = await tx
    .select({
      id: table.id,
      subjectId: table.subjectId,
      key: table.key,
      sourceId: table.sourceId,
      value: table.value,
    })
    .from(table)
    .where(
      and(
        inArray(table.subjectId, [...new Set(incoming.map((f) => f.subjectId))]),
        inArray(table.key, [...new Set(incoming.map((f) => f.key))]),
        isNull(table.supersededAt),
      ),
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
    await tx.insert(table).values(
      fresh.map((f) => ({
        id: newId(),
        subjectKind: f.subjectKind,
        subjectId: f.subjectId,
        key: f.key,
        value: f.value,
        effectiveAt: f.effectiveAt,
        collectedAt: f.collectedAt,
        recordedAt: now,
        sourceKind: f.source.kind,
        sourceId: f.source.id,
        sourceName: f.source.name,
        runRef: f.source.runRef ?? null,
      })),
    );
  }
  return { changed: fresh.length, refreshed: refreshed.length };
}
