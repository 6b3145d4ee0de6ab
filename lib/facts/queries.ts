import "server-only";
import { and, asc, inArray, isNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { facts as table } from "@/db/schema/facts";
import type { Fact } from "./fact";

/** The facts in force about some subjects (model or version ids), every source, by key and then oldest first. */
export async function currentFacts(read: Reader, subjectIds: readonly string[]): Promise<Fact[]> {
  if (subjectIds.length === 0) return [];
  const rows = await read
    .select()
    .from(table)
    .where(and(inArray(table.subjectId, [...subjectIds]), isNull(table.supersededAt)))
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
  }));
}
