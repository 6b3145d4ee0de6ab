import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";

export const refKinds = [
  "uc",
  "adr",
  "rev",
  "fnd",
  "con",
  "rel",
  "wvr",
  "inc",
  "cmp",
  "eva",
  "mtg",
  "rsk",
  "deb",
  "cap",
  "pir",
  "mst",
  "brk",
  "frz",
] as const;
export type RefKind = (typeof refKinds)[number];

/** The next human-readable number of a kind, e.g. REV-0412. Unique; numbers of rolled-back commands are skipped. */
export async function nextRef(tx: Tx, kind: RefKind): Promise<string> {
  const { rows } = await tx.execute<{ n: string }>(sql`select nextval(${`ref_${kind}`}::regclass) as n`);
  return `${kind.toUpperCase()}-${String(rows[0]?.n).padStart(4, "0")}`;
}
