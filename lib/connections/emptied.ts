import "server-only";
import { and, inArray, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { facts as table } from "@/db/schema/facts";
import type { FactValue, NewFact } from "@/lib/facts/fact";

const isEmpty = (value: FactValue): boolean =>
  value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/**
 * The facts that say something: an empty value says that what stood there was taken away, and where nothing stood it says nothing.
 * What a registry was not asked for does not become "none".
 */
export async function saying(tx: Tx, told: readonly NewFact[]): Promise<NewFact[]> {
  const empty = told.filter((f) => isEmpty(f.value));
  if (empty.length === 0) return [...told];
  const standing = await tx
    .select({ subjectId: table.subjectId, key: table.key })
    .from(table)
    .where(
      and(
        inArray(table.subjectId, [...new Set(empty.map((f) => f.subjectId))]),
        inArray(table.key, [...new Set(empty.map((f) => f.key))]),
        isNull(table.supersededAt),
      ),
    );
  const stands = new Set(standing.map((f) => `${f.subjectId} ${f.key}`));
  return told.filter((f) => !isEmpty(f.value) || stands.has(`${f.subjectId} ${f.key}`));
}
