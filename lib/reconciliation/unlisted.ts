import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { newId } from "@/lib/core/ids";

export type Unlisted = { seenName: string; evidence: Readonly<Record<string, unknown>> };

/**
 * Notes what serves and is not in the inventory, as differences to settle; one that is open already gets the newer evidence. Answers
 * with the id of each, and whether it is new.
 */
export async function noteUnlisted(
  tx: Tx,
  seen: readonly Unlisted[],
  now: Date,
): Promise<{ id: string; seenName: string; made: boolean }[]> {
  if (seen.length === 0) return [];
  const rows = [...new Map(seen.map((s) => [s.seenName, s])).values()].map((s) => ({ ...s, id: newId() }));
  const made = new Set(rows.map((r) => r.id));
  const { rows: written } = await tx.execute<{ id: string; seen_name: string }>(sql`
    insert into reconciliation_item as i (id, kind, seen_name, evidence, found_at, status)
    select x.id, 'unlisted', x."seenName", x.evidence, ${now.toISOString()}::timestamptz, 'open'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, "seenName" text, evidence jsonb)
    on conflict (kind, least(model_id, other_id), greatest(model_id, other_id), finding_id, seen_name) where status <> 'settled'
    do update set evidence = excluded.evidence returning i.id, i.seen_name`);
  return written.map((w) => ({ id: w.id, seenName: w.seen_name, made: made.has(w.id) }));
}
