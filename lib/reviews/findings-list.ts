import "server-only";
import { and, desc, eq, ilike, inArray, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { models } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import { findings, reviews } from "@/db/schema/reviews";
import { dayOf } from "@/lib/core/business-days";
import { isUuid } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { findingStatuses, severities } from "./review";

/** Not verified yet: someone still has to do something. */
export const unsettled = ["open", "accepted", "resolved"] as const;

export const FindFindings = z.strictObject({
  status: z.enum([...findingStatuses, "unsettled", "any"]).default("unsettled"),
  severity: z.enum(severities).optional(),
  owner: z
    .union([z.literal("me"), z.literal("none"), z.uuid("Give the person's id, or me, or none.")])
    .optional()
    .describe("Who has to mend it: a person's id, me, or none"),
  overdue: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")])
    .default(false)
    .describe("Only those not mended by their due date"),
  unit: z.string().trim().max(120).optional().describe("Slug of a business unit"),
  model: z.string().trim().max(255).optional(),
  q: z.string().trim().max(200).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const owners = alias(people, "owner_of_finding");
const raisers = alias(people, "raiser_of_finding");

/** Findings across reviews and gates, the newest first. */
export const findFindings = query({
  name: "finding.found",
  title: "List findings: what the board and the gate asked to be mended",
  http: { method: "GET", path: "/findings" },
  input: FindFindings,
  async run(read, input, actor, now) {
    const today = dayOf(now);
    const late = and(
      inArray(findings.status, ["open", "accepted"]),
      isNotNull(findings.dueOn),
      lt(findings.dueOn, today),
    );
    const like = input.q ? `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : "";
    const rows = await read
      .select({
        id: findings.id,
        ref: findings.ref,
        title: findings.title,
        severity: findings.severity,
        status: findings.status,
        conformance: findings.conformance,
        source: findings.source,
        section: findings.section,
        review: reviews.ref,
        model: models.name,
        tier: models.tier,
        unit: businessUnits.name,
        ownerId: findings.ownerId,
        owner: owners.name,
        raiser: raisers.name,
        raisedAt: findings.raisedAt,
        dueOn: findings.dueOn,
        resolvedAt: findings.resolvedAt,
        verifiedAt: findings.verifiedAt,
        overdue: sql<boolean>`coalesce(${late}, false)`,
      })
      .from(findings)
      .innerJoin(models, eq(models.id, findings.modelId))
      .leftJoin(reviews, eq(reviews.id, findings.reviewId))
      .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId))
      .leftJoin(owners, eq(owners.id, findings.ownerId))
      .leftJoin(raisers, sql`${raisers.id}::text = ${findings.raisedBy}`)
      .where(
        and(
          inReach(actor, "reviews:read", models.businessUnitId),
          input.status === "any"
            ? undefined
            : inArray(findings.status, input.status === "unsettled" ? [...unsettled] : [input.status]),
          input.severity ? eq(findings.severity, input.severity) : undefined,
          ownedBy(input.owner, actor.id),
          input.overdue ? late : undefined,
          input.unit ? eq(businessUnits.slug, input.unit) : undefined,
          input.model ? eq(models.name, input.model) : undefined,
          input.q
            ? or(eq(findings.ref, input.q.toUpperCase()), ilike(findings.title, like), ilike(models.name, like))
            : undefined,
          afterRow(input.after),
        ),
      )
      .orderBy(desc(findings.raisedAt), desc(findings.id))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const last = rows.length > input.limit ? page.at(-1) : undefined;
    return { items: page, next: last ? `${last.raisedAt.toISOString()}_${last.id}` : null };
  },
});

function ownedBy(owner: string | undefined, me: string): SQL | undefined {
  if (owner === undefined) return undefined;
  if (owner === "none") return sql`${findings.ownerId} is null`;
  return sql`${findings.ownerId}::text = ${owner === "me" ? me : owner}`;
}

function afterRow(after: string | undefined): SQL | undefined {
  if (after === undefined) return undefined;
  const [at = "", id = ""] = after.split("_");
  if (!instant().safeParse(at).success || !isUuid(id))
    throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
      { field: "after", message: "Not a page mark." },
    ]);
  return sql`(${findings.raisedAt}, ${findings.id}) < (${at}::timestamptz, ${id}::uuid)`;
}
