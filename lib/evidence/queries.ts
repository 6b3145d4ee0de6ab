import "server-only";
import { and, asc, desc, eq, isNull, lt, lte, or, sql } from "drizzle-orm";
import { z } from "zod";
import { attestations, evidenceFiles } from "@/db/schema/facts";
import { models } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { mayReadEvidence } from "./evidence";

const lastRow = z.tuple([instant().transform((at) => new Date(at)), z.string().regex(/^[0-9a-f]{64}$/)]);

/** The instant and digest of the last row of the page before. */
const after = z
  .string()
  .max(120)
  .transform((text, issues): { at: Date; id: string } => {
    const row = lastRow.safeParse(text.split("_"));
    if (row.success) return { at: row.data[0], id: row.data[1] };
    issues.addIssue("Use the cursor that the page before gave.");
    return z.NEVER;
  })
  .optional();

/** Evidence files, newest first. */
export const listEvidence = query({
  name: "evidence.list",
  title: "List evidence files",
  http: { method: "GET", path: "/evidence" },
  input: z.strictObject({ after, limit: z.coerce.number().int().min(1).max(200).default(50) }),
  run: async (read, input, actor) => {
    insist(mayReadEvidence(actor));
    const from = input.after ?? null;
    const rows = await read
      .select({
        sha256: evidenceFiles.sha256,
        name: evidenceFiles.name,
        mediaType: evidenceFiles.mediaType,
        size: evidenceFiles.size,
        uploadedAt: evidenceFiles.uploadedAt,
        uploadedBy: people.name,
        used: sql<number>`(select count(*)::int from attestation a where a.evidence_sha256 = ${evidenceFiles.sha256} and a.superseded_at is null)`,
      })
      .from(evidenceFiles)
      .leftJoin(people, sql`${people.id}::text = ${evidenceFiles.uploadedBy}`)
      .where(
        from
          ? or(
              lt(evidenceFiles.uploadedAt, from.at),
              and(eq(evidenceFiles.uploadedAt, from.at), lt(evidenceFiles.sha256, from.id)),
            )
          : undefined,
      )
      .orderBy(desc(evidenceFiles.uploadedAt), desc(evidenceFiles.sha256))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return {
      items,
      next: rows.length > input.limit && last ? `${last.uploadedAt.toISOString()}_${last.sha256}` : null,
    };
  },
});

/** Attestations in force that run out within `days` or already have, soonest first. */
export const expiringAttestations = query({
  name: "attestations.expiring",
  title: "List attestations that run out soon",
  http: { method: "GET", path: "/attestations" },
  input: z.strictObject({
    days: z.coerce.number().int().min(0).max(730).default(30),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, { days, limit }, actor, now) => {
    insist(mayReadEvidence(actor));
    const rows = await read
      .select({
        id: attestations.id,
        itemId: attestations.itemId,
        outcome: attestations.outcome,
        statement: attestations.statement,
        evidenceSha256: attestations.evidenceSha256,
        evidenceUrl: attestations.evidenceUrl,
        effectiveAt: attestations.effectiveAt,
        expiresAt: attestations.expiresAt,
        model: models.name,
        tier: models.tier,
        byName: people.name,
      })
      .from(attestations)
      .innerJoin(models, eq(models.id, attestations.modelId))
      .innerJoin(people, eq(people.id, attestations.attestedBy))
      .where(
        and(
          isNull(attestations.supersededAt),
          lte(attestations.expiresAt, new Date(now.getTime() + days * 86_400_000)),
        ),
      )
      .orderBy(asc(attestations.expiresAt), asc(attestations.id))
      .limit(limit);
    return { items: rows };
  },
});
