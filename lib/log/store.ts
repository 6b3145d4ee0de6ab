import "server-only";
import { sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { leafHash } from "./merkle";
import type { ReadHashes } from "./proof";
import { Edge, edgePlaces, type Node } from "./tree";

/** Most entries that one batch takes: bounds the sequencer's transaction and its memory. */
export const maxBatch = 2000;

// Advisory lock of the sequencer; taken per transaction, so it also holds behind a transaction-pooling proxy.
const lockId = 727_203;

/** Reads stored hashes: level 0 from the leaves, higher tile levels from the nodes. One round trip. */
export const hashReader =
  (read: Reader): ReadHashes =>
  async (places) => {
    if (places.length === 0) return [];
    const { rows } = await read.execute<{ level: number; n: string; hash: Buffer }>(sql`
      with p as (select * from unnest(${sql.param(places.map((p) => p.level))}::int[], ${sql.param(places.map((p) => p.n))}::bigint[]) as p(level, n))
      select p.level, p.n, l.hash from p join log_leaf l on p.level = 0 and l.idx = p.n
      union all
      select p.level, p.n, x.hash from p join log_node x on p.level > 0 and x.level = p.level and x.n = p.n`);
    const at = new Map(rows.map((r) => [`${r.level}/${r.n}`, r.hash]));
    return places.map(({ level, n }) => {
      const hash = at.get(`${level}/${n}`);
      if (!hash) throw new Error(`The log lacks the hash at level ${level}, position ${n}.`);
      return hash;
    });
  };

/** The right edge of the tree of `size` leaves, from stored hashes. */
export async function loadEdge(read: Reader, size: number): Promise<Edge> {
  const ranges = edgePlaces(size);
  const places = ranges.flatMap(({ level, from, to }) =>
    Array.from({ length: to - from }, (_, i) => ({ level, n: from + i })),
  );
  const hashes = await hashReader(read)(places);
  const open = ranges.map(({ level }) => hashes.filter((_, i) => places[i]?.level === level));
  return new Edge(size, open);
}

/**
 * Takes waiting entries, at most `maxBatch`, gives them the next indices in the order in which the database took them (ids carry
 * clocks, and clocks differ: what rests on an entry must stand after it, signing.md section 7, case 56) and stores their hashes.
 * Runs in a transaction of its own under the sequencer's lock. Returns the edge after it, with the number taken.
 */
export async function integrate(tx: Tx, known: Edge | null): Promise<{ edge: Edge; taken: number }> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockId})`);
  const { rows: entries } = await tx.execute<{ id: string; leaf: Buffer }>(sql`
    with q as (delete from log_queue where seq in (select seq from log_queue order by seq limit ${maxBatch}) returning entry_id, seq)
    select e.id, e.leaf from q join log_entry e on e.id = q.entry_id order by q.seq`);
  const { rows: heads } = await tx.execute<{ size: string }>(sql`select size from log_head where id = 1`);
  const size = Number(heads[0]?.size);
  const edge = known?.size === size ? known.copy() : await loadEdge(tx, size);
  if (entries.length === 0) return { edge, taken: 0 };

  const hashes: Uint8Array[] = [];
  const filled: Node[] = [];
  for (const { leaf } of entries) {
    const hash = leafHash(leaf);
    hashes.push(hash);
    filled.push(...edge.append(hash));
  }
  const nodes =
    filled.length > 0
      ? sql`, n as (insert into log_node (level, n, hash) select * from unnest(${sql.param(filled.map((f) => f.level))}::smallint[], ${sql.param(filled.map((f) => f.n))}::bigint[], ${sql.param(filled.map((f) => f.hash))}::bytea[]))`
      : sql``;
  const { rowCount } = await tx.execute(sql`
    with l as (
      insert into log_leaf (idx, entry_id, hash)
      select * from unnest(${sql.param(entries.map((_, i) => size + i))}::bigint[], ${sql.param(entries.map((e) => e.id))}::uuid[], ${sql.param(hashes)}::bytea[])
    )${nodes}
    update log_head set size = ${edge.size} where id = 1 and size = ${size}`);
  if (rowCount !== 1) throw new Error(`The log's head moved from ${size} under the sequencer's lock.`);
  return { edge, taken: entries.length };
}

/** What the sequencer asks when idle, in one round trip. */
export async function standing(read: Reader): Promise<{ size: number; signed: number; waiting: boolean }> {
  const { rows } = await read.execute<{ size: string; signed: string; waiting: boolean }>(sql`
    select (select size from log_head where id = 1) as size,
      coalesce((select max(size) from log_checkpoint), 0) as signed,
      exists (select from log_queue) as waiting`);
  return { size: Number(rows[0]?.size), signed: Number(rows[0]?.signed), waiting: rows[0]?.waiting === true };
}
