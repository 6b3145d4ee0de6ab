import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Tx } from "@/db/client";
import { prepared, send } from "@/db/transact";
import { newId } from "@/lib/core/ids";
import { factKey } from "./catalogue";
import { type FactValue, isStale, type NewFact, valueFault } from "./fact";

/**
 * How many facts were new or changed, how many were seen again as they were, and how many came late: true before what is known
 * already, so that they are history.
 */
export type Recorded = { changed: number; refreshed: number; late: number };

/** Also whose facts changed, or count again after they had gone stale. */
export type Observed = Recorded & { touched: ReadonlySet<string> };

const chunk = 2000;

/**
 * Records observations. A changed value supersedes the current fact of the same subject, key and source; an unchanged one only moves
 * `collectedAt`, so that syncing again writes no history. One that was true before the current fact was last confirmed never
 * replaces it: it is kept as history, once, however often it is sent. A few statements per 2,000 facts, whatever changed. A key
 * outside the catalogue or a value of the wrong type is a fault of the caller: commands check input with `valueFault` first.
 */
export async function recordFacts(tx: Tx, incoming: readonly NewFact[], now: Date): Promise<Recorded> {
  const { changed, refreshed, late } = await observeFacts(tx, incoming, now);
  return { changed, refreshed, late };
}

/** As `recordFacts`; says whose facts are other than before. */
export async function observeFacts(tx: Tx, incoming: readonly NewFact[], now: Date): Promise<Observed> {
  const newest = new Map<string, NewFact>();
  const older: NewFact[] = [];
  for (const fact of incoming) {
    const known = factKey(fact.key);
    if (!known) throw new Error(`"${fact.key}" is not in the catalogue of facts.`);
    const fault = valueFault(known.type, fact.value);
    if (fault) throw new Error(`${fact.key} does not take ${JSON.stringify(fact.value).slice(0, 80)}. ${fault}`);
    const name = identity(fact.subjectId, fact.key, fact.source.id);
    const other = newest.get(name);
    // Of several that were true at the same time the last one sent counts.
    if (other && other.effectiveAt > fact.effectiveAt) older.push(fact);
    else {
      if (other && other.effectiveAt < fact.effectiveAt) older.push(other);
      newest.set(name, fact);
    }
  }
  const all = [...newest.entries()];
  const total = { changed: 0, refreshed: 0, late: 0, touched: new Set<string>() };
  for (let from = 0; from < all.length; from += chunk) {
    const part = await recordChunk(tx, new Map(all.slice(from, from + chunk)), now);
    total.changed += part.changed;
    total.refreshed += part.refreshed;
    for (const id of part.touched) total.touched.add(id);
    older.push(...part.late);
  }
  const late = older.filter((f) => {
    const current = newest.get(identity(f.subjectId, f.key, f.source.id));
    return current === undefined || current === f || !isDeepStrictEqual(current.value, f.value);
  });
  total.late = await recordLate(tx, late, now);
  total.refreshed += older.length - total.late;
  return total;
}

type Current = {
  id: string;
  subjectId: string;
  key: string;
  sourceId: string;
  value: FactValue;
  detail: string | null;
  /** Milliseconds. */
  collectedAt: number;
  confirmedAt: number;
};

const currentOf = prepared(
  "facts_current",
  `select id, subject_id as "subjectId", key, source_id as "sourceId", value, detail,
      (extract(epoch from collected_at) * 1000)::float8 as "collectedAt",
      (extract(epoch from coalesce(confirmed_at, effective_at)) * 1000)::float8 as "confirmedAt" from fact
    where subject_id = any($1::uuid[]) and key = any($2::text[]) and superseded_at is null`,
);

const insertFacts = prepared(
  "facts_inserted",
  `insert into fact (id, subject_kind, subject_id, key, value, effective_at, collected_at, recorded_at, source_kind, source_id,
      source_name, run_ref, detail, superseded_at)
    select x.id, x.subject_kind, x.subject_id, x.key, x.value, x.effective_at, x.collected_at, $2::timestamptz, x.source_kind,
      x.source_id, x.source_name, x.run_ref, x.detail, x.superseded_at
    from jsonb_to_recordset($1::jsonb) as x(id uuid, subject_kind text, subject_id uuid, key text, value jsonb,
      effective_at timestamptz, collected_at timestamptz, source_kind text, source_id text, source_name text, run_ref text,
      detail text, superseded_at timestamptz)
    where x.superseded_at is null or not exists (select 1 from fact f where f.subject_id = x.subject_id and f.key = x.key
      and f.source_id = x.source_id and f.effective_at = x.effective_at and f.value = x.value)
    returning id`,
);

const supersede = prepared(
  "facts_superseded",
  "update fact set superseded_at = $2::timestamptz where id = any($1::uuid[])",
);

// The ids come a second time as an array: of a recordset the planner expects a hundred rows, and reads the whole table for one.
const refresh = prepared(
  "facts_refreshed",
  `update fact set collected_at = greatest(fact.collected_at, seen.at), run_ref = coalesce(seen.run_ref, fact.run_ref),
      confirmed_at = greatest(fact.confirmed_at, fact.effective_at, seen.effective_at)
    from jsonb_to_recordset($1::jsonb) as seen(id uuid, at timestamptz, effective_at timestamptz, run_ref text)
    where fact.id = seen.id and fact.id = any($2::uuid[])`,
);

const identity = (subjectId: string, key: string, sourceId: string) => `${subjectId} ${key} ${sourceId}`;

async function recordChunk(tx: Tx, wanted: ReadonlyMap<string, NewFact>, now: Date) {
  const incoming = [...wanted.values()];
  const current = await send<Current>(tx, currentOf, [
    [...new Set(incoming.map((f) => f.subjectId))],
    [...new Set(incoming.map((f) => f.key))],
  ]);
  const before = new Map(current.map((row) => [identity(row.subjectId, row.key, row.sourceId), row]));

  const superseded: string[] = [];
  const refreshed: { id: string; fact: NewFact }[] = [];
  const fresh: NewFact[] = [];
  const late: NewFact[] = [];
  const touched = new Set<string>();
  for (const [name, fact] of wanted) {
    const old = before.get(name);
    const same = old && isDeepStrictEqual(old.value, fact.value) && (old.detail ?? null) === (fact.detail ?? null);
    if (old && same) {
      refreshed.push({ id: old.id, fact });
      if (isStale({ collectedAt: new Date(old.collectedAt) }, factKey(fact.key)?.maxAgeDays ?? null, fact.collectedAt))
        touched.add(fact.subjectId);
    } else if (old && fact.effectiveAt.getTime() < old.confirmedAt) {
      late.push(fact);
    } else {
      if (old) superseded.push(old.id);
      fresh.push(fact);
      touched.add(fact.subjectId);
    }
  }

  if (superseded.length > 0) await send(tx, supersede, [superseded, now.toISOString()]);
  if (refreshed.length > 0) {
    const rows = refreshed.map(({ id, fact: f }) => ({
      id,
      at: f.collectedAt,
      effective_at: f.effectiveAt,
      run_ref: f.source.runRef ?? null,
    }));
    await send(tx, refresh, [JSON.stringify(rows), rows.map((r) => r.id)]);
  }
  await insert(tx, fresh, null, now);
  return { changed: fresh.length, refreshed: refreshed.length, late, touched };
}

/** Keeps what came late as history, unless it is there already. */
async function recordLate(tx: Tx, late: readonly NewFact[], now: Date): Promise<number> {
  let kept = 0;
  for (let from = 0; from < late.length; from += chunk)
    kept += await insert(tx, late.slice(from, from + chunk), now, now);
  return kept;
}

async function insert(tx: Tx, facts: readonly NewFact[], supersededAt: Date | null, now: Date): Promise<number> {
  if (facts.length === 0) return 0;
  const rows = facts.map((f) => ({
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
    detail: f.detail ?? null,
    superseded_at: supersededAt,
  }));
  return (await send(tx, insertFacts, [JSON.stringify(rows), now.toISOString()])).length;
}
