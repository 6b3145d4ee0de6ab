import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { adrFiles, type FileClaims } from "@/db/schema/adr-sources";
import { adrRevisions, adrs } from "@/db/schema/decisions";
import { newId } from "@/lib/core/ids";
import type { Fate } from "./decision";
import type { About } from "./load";
import type { AdrRecord, AdrStatus } from "./madr";
import { insertAdr, storeRevision } from "./store";

/** A file that reads as a record. */
export type Incoming = { path: string; content: string; digest: string; record: AdrRecord };

/** A file that was seen before, and the record it became. */
export type KnownFile = {
  id: string;
  path: string;
  state: "same" | "drift" | "removed" | "refused";
  digest: string;
  blob: string | null;
  adr: {
    id: string;
    ref: string;
    status: AdrStatus;
    revision: number;
    digest: string;
    unitId: string | null;
  } | null;
};

export function fateOf(known: KnownFile | undefined, digest: string): Fate {
  if (!known?.adr) return "new";
  if (digest === known.adr.digest || (digest === known.digest && known.state !== "removed")) return "unchanged";
  return known.adr.status === "proposed" ? "revised" : "drift";
}

/** The files of a source by path, their records locked against another writer until the command ends. */
export async function knownFiles(tx: Tx, sourceId: string): Promise<Map<string, KnownFile>> {
  const files = await tx.select().from(adrFiles).where(eq(adrFiles.sourceId, sourceId));
  const ids = files.flatMap((f) => (f.adrId ? [f.adrId] : []));
  if (ids.length > 0)
    await tx.select({ id: adrs.id }).from(adrs).where(inArray(adrs.id, ids)).orderBy(adrs.id).for("update");
  const records = await recordsOf(tx, ids);
  return new Map(
    files.map((f) => [
      f.path,
      {
        id: f.id,
        path: f.path,
        state: f.state,
        digest: f.digest,
        blob: f.blob,
        adr: (f.adrId && records.get(f.adrId)) || null,
      },
    ]),
  );
}

async function recordsOf(read: Reader, ids: readonly string[]): Promise<Map<string, NonNullable<KnownFile["adr"]>>> {
  if (ids.length === 0) return new Map();
  const rows = await read
    .select({
      id: adrs.id,
      ref: adrs.ref,
      status: adrs.status,
      revision: adrs.currentRevision,
      unitId: adrs.businessUnitId,
      digest: adrRevisions.digest,
    })
    .from(adrs)
    .innerJoin(adrRevisions, and(eq(adrRevisions.adrId, adrs.id), eq(adrRevisions.number, adrs.currentRevision)))
    .where(inArray(adrs.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

export const claimsOf = (record: AdrRecord): FileClaims => ({
  status: record.status,
  statusText: record.statusText?.slice(0, 300) ?? null,
  date: record.date?.slice(0, 40) ?? null,
  links: record.claims.slice(0, 50),
});

export type Taken = { path: string; fate: Fate; id: string; ref: string; title: string; digest: string };

/** Does to the record what the file's fate says, and remembers what was seen. */
export async function takeFile(
  tx: Tx,
  take: {
    sourceId: string;
    incoming: Incoming;
    known: KnownFile | undefined;
    about: About;
    authorId: string;
    now: Date;
  },
): Promise<Taken> {
  const { sourceId, incoming, known, now } = take;
  const { path, content, digest, record } = incoming;
  const fate = fateOf(known, digest);
  const title = (record.title ?? path).slice(0, 300);
  let adr: { id: string; ref: string } | null = known?.adr ?? null;
  if (fate === "new" || !adr) {
    adr = await insertAdr(tx, { content, title, about: take.about, authorId: take.authorId, now });
  } else if (fate === "revised" && known?.adr) {
    const number = known.adr.revision + 1;
    await storeRevision(tx, { adrId: adr.id, number, content, authorId: take.authorId, now });
    await tx.update(adrs).set({ title, currentRevision: number, updatedAt: now }).where(eq(adrs.id, adr.id));
  }
  const drifts = fate === "drift" || (fate === "unchanged" && known?.state === "drift" && digest !== known.adr?.digest);
  const seen = {
    adrId: adr.id,
    digest,
    state: drifts ? ("drift" as const) : ("same" as const),
    reason: null,
    content: drifts ? Buffer.from(content, "utf8") : null,
    claims: claimsOf(record),
    seenAt: now,
  };
  if (!known) await tx.insert(adrFiles).values({ id: newId(), sourceId, path, ...seen });
  else if (fate !== "unchanged" || known.state !== seen.state)
    await tx.update(adrFiles).set(seen).where(eq(adrFiles.id, known.id));
  return { path, fate, id: adr.id, ref: adr.ref, title, digest };
}
