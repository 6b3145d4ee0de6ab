import "server-only";
import { and, asc, isNull, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { facts as table } from "@/db/schema/facts";
import type { Fact } from "./fact";

/** The facts in force about some subjects (model or version ids), every source, by key and then oldest first; of some families only. */
export async function currentFacts(
  read: Reader,
  subjectIds: readonly string[],
  families?: readonly string[],
): Promise<Fact[]> {
  if (subjectIds.length === 0) return [];
  const rows = await read
    .select()
    .from(table)
    .where(
      and(
        // One parameter however many there are: a statement takes 65,535.
        sql`${table.subjectId} = any(${`{${subjectIds.join(",")}}`}::uuid[])`,
        isNull(table.supersededAt),
        families ? sql`split_part(${table.key}, '.', 1) = any(${`{${families.join(",")}}`}::text[])` : undefined,
      ),
    )
    .orderBy(asc(table.key), asc(table.effectiveAt), asc(table.id));
  return rows.map((row) => ({
    id: row.id,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    key: row.key,
    value: row.value,
    effectiveAt: row.effectiveAt,
    collectedAt: row.collectedAt,
    recordedAt: row.recordedAt,
    source: { kind: row.sourceKind, id: row.sourceId, name: row.sourceName, runRef: row.runRef },
    detail: row.detail,
  }));
}
