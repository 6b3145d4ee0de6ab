import "server-only";
import { createHash } from "node:crypto";
import type { Tx } from "@/db/client";
import { adrRevisions, adrs, adrTexts } from "@/db/schema/decisions";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { putChecks } from "@/lib/decision-checks/put";
import type { About } from "./load";

export const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** Stores a new proposed record with its first revision. */
export async function insertAdr(
  tx: Tx,
  record: { content: string; title: string; about: About; pattern?: string; authorId: string; now: Date },
): Promise<{ id: string; ref: string; digest: string }> {
  const id = newId();
  const ref = await nextRef(tx, "adr");
  await tx.insert(adrs).values({
    id,
    ref,
    title: record.title,
    status: "proposed",
    businessUnitId: record.about.unitId,
    modelId: record.about.modelId,
    patternId: record.pattern ?? null,
    authorId: record.authorId,
    currentRevision: 1,
    createdAt: record.now,
    updatedAt: record.now,
  });
  const digest = await storeRevision(tx, {
    adrId: id,
    number: 1,
    content: record.content,
    authorId: record.authorId,
    now: record.now,
  });
  return { id, ref, digest };
}

/** Stores a revision's exact bytes, its words for search and the checks it carries; answers its digest. */
export async function storeRevision(
  tx: Tx,
  revision: { adrId: string; number: number; content: string; authorId: string; now: Date },
): Promise<string> {
  const bytes = Buffer.from(revision.content, "utf8");
  const digest = sha256(bytes);
  await tx.insert(adrRevisions).values({
    id: newId(),
    adrId: revision.adrId,
    number: revision.number,
    digest,
    content: bytes,
    authorId: revision.authorId,
    createdAt: revision.now,
  });
  await putChecks(tx, revision.adrId, revision.content, revision.number === 1, revision.now);
  await tx
    .insert(adrTexts)
    .values({ adrId: revision.adrId, body: revision.content })
    .onConflictDoUpdate({ target: adrTexts.adrId, set: { body: revision.content } });
  return digest;
}
