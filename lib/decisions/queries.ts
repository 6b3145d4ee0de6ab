import "server-only";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { adrSources } from "@/db/schema/adr-sources";
import { adrRevisions, adrs, adrTexts } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import { apiTokens, businessUnits, people } from "@/db/schema/org";
import { reviews } from "@/db/schema/reviews";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { entriesFor } from "@/lib/log/queries";
import { type AdrSubject, OneAdr } from "./decision";
import { byRef, keptIn } from "./load";
import { find, parseAdr } from "./madr";
import { filesOfRecord } from "./source-queries";

/** A person, a token, or the source that the text was read from. */
const authorName = sql<string | null>`coalesce(${people.name}, ${apiTokens.name}, ${adrSources.name})`;

const listed = {
  id: adrs.id,
  ref: adrs.ref,
  title: adrs.title,
  status: adrs.status,
  revision: adrs.currentRevision,
  model: models.name,
  patternId: adrs.patternId,
  unit: businessUnits.name,
  author: authorName,
  supersededBy: sql<string | null>`(select s.ref from adr s where s.id = ${adrs.supersededById})`,
  decidedAt: adrs.decidedAt,
  reviewBy: adrs.reviewBy,
  createdAt: adrs.createdAt,
  updatedAt: adrs.updatedAt,
};

/** Records as lists tell of them. */
export const from = (read: Reader) =>
  read
    .select(listed)
    .from(adrs)
    .leftJoin(models, eq(models.id, adrs.modelId))
    .leftJoin(businessUnits, eq(businessUnits.id, adrs.businessUnitId))
    .leftJoin(people, eq(people.id, adrs.authorId))
    .leftJoin(apiTokens, eq(apiTokens.id, adrs.authorId))
    .leftJoin(adrSources, eq(adrSources.id, adrs.authorId));

export const getAdr = query({
  name: "adr.read",
  title: "Read a decision with its revisions and what refers to it",
  http: { method: "GET", path: "/decisions/{ref}" },
  input: OneAdr,
  async run(read, input, actor) {
    const [adr] = await from(read).where(and(byRef(input.ref), inReach(actor, "decisions:read", adrs.businessUnitId)));
    if (!adr) throw new Refusal("not_found", `There is no decision ${input.ref}.`);
    const [revisions, [row], [link]] = await Promise.all([
      read
        .select({
          number: adrRevisions.number,
          digest: adrRevisions.digest,
          createdAt: adrRevisions.createdAt,
          authorId: adrRevisions.authorId,
          author: authorName,
        })
        .from(adrRevisions)
        .leftJoin(people, eq(people.id, adrRevisions.authorId))
        .leftJoin(apiTokens, eq(apiTokens.id, adrRevisions.authorId))
        .leftJoin(adrSources, eq(adrSources.id, adrRevisions.authorId))
        .where(eq(adrRevisions.adrId, adr.id))
        .orderBy(desc(adrRevisions.number)),
      read
        .select({ content: adrRevisions.content, digest: adrRevisions.digest, number: adrRevisions.number })
        .from(adrRevisions)
        .where(and(eq(adrRevisions.adrId, adr.id), eq(adrRevisions.number, input.revision ?? adr.revision))),
      read
        .select({
          unitId: adrs.businessUnitId,
          acceptedDigest: adrs.acceptedDigest,
          authorId: adrs.authorId,
          tier: models.tier,
        })
        .from(adrs)
        .leftJoin(models, eq(models.id, adrs.modelId))
        .where(eq(adrs.id, adr.id)),
    ]);
    if (!row || !link)
      throw new Refusal("not_found", `${adr.ref} has no revision ${input.revision}. It has ${adr.revision}.`);
    const content = row.content.toString("utf8");
    const { record, faults } = parseAdr(content);
    const current = revisions[0];
    const subject: AdrSubject = {
      id: adr.id,
      ref: adr.ref,
      status: adr.status,
      unitId: link.unitId,
      authorIds: [...new Set([link.authorId, ...revisions.map((r) => r.authorId)])],
      currentRevision: adr.revision,
      digest: current?.digest ?? row.digest,
      tier: link.tier,
      confirmation: find(record.sections, "confirmation") !== null,
      keptIn: await keptIn(read, adr.id),
    };
    return {
      ...adr,
      acceptedDigest: link.acceptedDigest,
      shown: { number: row.number, digest: row.digest, content, record, faults },
      revisions,
      files: await filesOfRecord(read, adr.id),
      backlinks: await backlinks(read, adr.id, adr.ref),
      history: await entriesFor(read, { subject: { kind: "adr", id: adr.id }, limit: 8 }),
      subject,
    };
  },
});

/** The exact text of one revision; null when there is none. */
export async function revisionText(read: Reader, adrId: string, number: number): Promise<string | null> {
  const [row] = await read
    .select({ content: adrRevisions.content })
    .from(adrRevisions)
    .where(and(eq(adrRevisions.adrId, adrId), eq(adrRevisions.number, number)));
  return row?.content.toString("utf8") ?? null;
}

async function backlinks(read: Reader, id: string, ref: string) {
  const [superseded, mentioned, reviewed] = await Promise.all([
    read
      .select({ ref: adrs.ref, title: adrs.title })
      .from(adrs)
      .where(eq(adrs.supersededById, id))
      .orderBy(adrs.ref)
      .limit(50),
    read
      .select({ ref: adrs.ref, title: adrs.title, status: adrs.status })
      .from(adrs)
      .innerJoin(adrTexts, eq(adrTexts.adrId, adrs.id))
      .where(and(sql`${adrTexts.words} @@ phraseto_tsquery('english', ${ref})`, sql`${adrs.id} <> ${id}`))
      .orderBy(adrs.ref)
      .limit(50),
    read
      .select({ ref: reviews.ref, title: reviews.title, status: reviews.status })
      .from(reviews)
      .where(eq(reviews.adrId, id))
      .orderBy(desc(reviews.createdAt))
      .limit(50),
  ]);
  return { supersedes: superseded, mentionedIn: mentioned, reviews: reviewed };
}
