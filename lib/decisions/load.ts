import "server-only";
import { and, eq, isNull, ne, or, type SQL } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { adrFiles, adrSources } from "@/db/schema/adr-sources";
import { adrRevisions, adrs } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { AdrSubject } from "./decision";
import { find, parseAdr } from "./madr";

export const byRef = (ref: string): SQL | undefined =>
  isUuid(ref) ? eq(adrs.id, ref) : eq(adrs.ref, ref.toUpperCase());

/** The record as the rules see it, locked against another writer until the command ends. */
export async function lockedAdr(
  tx: Tx,
  ref: string,
): Promise<AdrSubject & { modelId: string | null; content: Buffer }> {
  const [adr] = await tx.select().from(adrs).where(byRef(ref)).for("update");
  if (!adr) throw new Refusal("not_found", `There is no decision ${ref}.`);
  const revisions = await tx
    .select({ number: adrRevisions.number, authorId: adrRevisions.authorId })
    .from(adrRevisions)
    .where(eq(adrRevisions.adrId, adr.id));
  const [current] = await tx
    .select()
    .from(adrRevisions)
    .where(and(eq(adrRevisions.adrId, adr.id), eq(adrRevisions.number, adr.currentRevision)));
  if (!current) throw new Error(`${adr.ref} has no revision ${adr.currentRevision}`);
  const [model] = adr.modelId
    ? await tx.select({ tier: models.tier }).from(models).where(eq(models.id, adr.modelId))
    : [];
  return {
    id: adr.id,
    ref: adr.ref,
    status: adr.status,
    unitId: adr.businessUnitId,
    authorIds: [...new Set([adr.authorId, ...revisions.map((r) => r.authorId)])],
    currentRevision: adr.currentRevision,
    digest: current.digest,
    tier: model?.tier ?? null,
    confirmation: find(parseAdr(current.content.toString("utf8")).record.sections, "confirmation") !== null,
    keptIn: await keptIn(tx, adr.id),
    modelId: adr.modelId,
    content: current.content,
  };
}

/** A model by its inventory name or id. */
export async function modelNamed(
  read: Reader,
  name: string,
): Promise<{ id: string; name: string; businessUnitId: string | null; tier: number | null }> {
  const [model] = await read
    .select({ id: models.id, name: models.name, businessUnitId: models.businessUnitId, tier: models.tier })
    .from(models)
    .where(isUuid(name) ? or(eq(models.id, name), eq(models.name, name)) : eq(models.name, name))
    .limit(1);
  if (!model)
    throw new Refusal("not_found", `There is no model ${name} in the inventory.`, [
      { field: "model", message: "No such model. Check the name under Models." },
    ]);
  return model;
}

/** The title of a record that is about to be stored; a record without one cannot be listed. */
export function titleOf(content: string, field = "content"): string {
  const { record } = parseAdr(content);
  if (!record.title)
    throw new Refusal(
      "invalid",
      `${field}: the record has no title. Begin it with a line like “# Use batch scoring”.`,
      [{ field, message: "The record has no title. Begin it with a line like “# Use batch scoring”." }],
    );
  return record.title.slice(0, 300);
}

/** What a record is about, and the unit that follows from it. */
export type About = { modelId: string | null; modelName: string | null; unitId: string | null };

export async function about(read: Reader, model: string | undefined): Promise<About> {
  if (model === undefined) return { modelId: null, modelName: null, unitId: null };
  const found = await modelNamed(read, model);
  return { modelId: found.id, modelName: found.name, unitId: found.businessUnitId };
}

/** The file that is the truth for a record's text; null when the portal is. */
export async function keptIn(read: Reader, adrId: string): Promise<AdrSubject["keptIn"]> {
  const [file] = await read
    .select({ source: adrSources.name, path: adrFiles.path })
    .from(adrFiles)
    .innerJoin(adrSources, eq(adrSources.id, adrFiles.sourceId))
    .where(
      and(
        eq(adrFiles.adrId, adrId),
        ne(adrFiles.state, "removed"),
        ne(adrSources.kind, "files"),
        isNull(adrSources.endedAt),
      ),
    )
    .limit(1);
  return file ?? null;
}
