import "server-only";
import { and, eq, gte, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { patternGaps } from "@/db/schema/adoption";
import { adrs, patternAdoptions } from "@/db/schema/decisions";
import { assessments } from "@/db/schema/facts";
import { deployments, incidents, models, modelVersions } from "@/db/schema/models";
import { businessUnits } from "@/db/schema/org";
import { releases } from "@/db/schema/releases";
import { reviewDecisions, reviews } from "@/db/schema/reviews";
import type { History } from "./formulas";

const windowDays = 460;

/** The business unit and everything below it; null for the whole organisation. */
export async function subtree(read: Reader, unitId: string | null): Promise<Set<string> | null> {
  if (unitId === null) return null;
  const rows = await read.select({ id: businessUnits.id, parentId: businessUnits.parentId }).from(businessUnits);
  const found = new Set([unitId]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const row of rows) {
      if (row.parentId && found.has(row.parentId) && !found.has(row.id)) {
        found.add(row.id);
        grew = true;
      }
    }
  }
  return found;
}

/** What the formulas read, as of an instant, for one unit's subtree or everything. Eight queries whatever the size. */
export async function loadHistory(read: Reader, asOf: Date, unitId: string | null): Promise<History> {
  const from = new Date(asOf.getTime() - windowDays * 86_400_000);
  const units = await subtree(read, unitId);
  const inUnits = units ? inArray(models.businessUnitId, [...units]) : undefined;
  const modelRows = await read
    .select({
      id: models.id,
      name: models.name,
      unitId: models.businessUnitId,
      tier: models.tier,
      stage: models.stage,
      createdAt: models.createdAt,
    })
    .from(models)
    .where(and(lte(models.createdAt, asOf), inUnits));
  const asked = await read.execute<{ model_id: string }>(
    sql`select model_id from ${reviews} where created_at <= ${asOf.toISOString()} union select model_id from ${releases} where requested_at <= ${asOf.toISOString()}`,
  );
  const adoptions = await read
    .select()
    .from(patternAdoptions)
    .where(
      and(
        isNotNull(patternAdoptions.modelId),
        lte(patternAdoptions.adoptedAt, asOf),
        or(isNull(patternAdoptions.endedAt), sql`${patternAdoptions.endedAt} > ${asOf.toISOString()}`),
      ),
    );
  const gaps = await read
    .select({ modelId: patternGaps.modelId })
    .from(patternGaps)
    .where(
      and(
        isNotNull(patternGaps.modelId),
        lte(patternGaps.saidAt, asOf),
        or(inArray(patternGaps.state, ["open", "planned"]), sql`${patternGaps.answeredAt} > ${asOf.toISOString()}`),
      ),
    );
  const accepted = await read
    .select({ modelId: adrs.modelId })
    .from(adrs)
    .where(and(isNotNull(adrs.modelId), isNotNull(adrs.acceptedDigest), lte(adrs.decidedAt, asOf)));
  const readiness = await read
    .selectDistinctOn([assessments.modelId], {
      modelId: assessments.modelId,
      fail: assessments.fail,
      unknown: assessments.unknown,
      total: assessments.total,
    })
    .from(assessments)
    .where(lte(assessments.takenAt, asOf))
    .orderBy(assessments.modelId, sql`${assessments.takenAt} desc`);
  const deploymentRows = await read
    .select({
      id: deployments.id,
      modelId: deployments.modelId,
      version: modelVersions.version,
      digest: deployments.digest,
      kind: deployments.kind,
      since: deployments.since,
      until: deployments.until,
    })
    .from(deployments)
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.versionId))
    .where(and(eq(deployments.environment, "prod"), gte(deployments.since, from), lte(deployments.since, asOf)))
    .orderBy(deployments.since);
  const incidentRows = await read
    .select()
    .from(incidents)
    .where(and(gte(incidents.startedAt, from), lte(incidents.startedAt, asOf)));
  const reviewRows = await read
    .select({
      ref: reviews.ref,
      title: reviews.title,
      unitId: models.businessUnitId,
      lane: reviews.lane,
      submittedAt: reviews.submittedAt,
      status: reviews.status,
      decidedAt: sql<
        string | null
      >`(select min(d.decided_at) from ${reviewDecisions} d where d.review_id = ${reviews.id} and d.outcome <> 'deferred')`,
    })
    .from(reviews)
    .innerJoin(models, eq(models.id, reviews.modelId))
    .where(and(gte(reviews.submittedAt, from), lte(reviews.submittedAt, asOf), inUnits));

  const askedFor = new Set(asked.rows.map((r) => r.model_id));
  const lacking = new Set(gaps.map((g) => g.modelId));
  const adoptionOf = new Map(adoptions.map((a) => [a.modelId, { pattern: a.patternId, deviations: a.deviations }]));
  const withAdr = new Set(accepted.map((a) => a.modelId));
  const readinessOf = new Map(readiness.map((r) => [r.modelId, r]));
  const ids = new Set(modelRows.map((m) => m.id));
  return {
    asOf,
    models: modelRows.map((m) => ({
      ...m,
      asked: askedFor.has(m.id),
      adoption: adoptionOf.get(m.id) ?? null,
      noPatternFits: lacking.has(m.id),
      acceptedAdr: withAdr.has(m.id),
      readiness: readinessOf.get(m.id) ?? null,
    })),
    deployments: deploymentRows.filter((d) => ids.has(d.modelId)),
    incidents: incidentRows.filter((i) => ids.has(i.modelId)),
    reviews: reviewRows.flatMap((r) =>
      r.submittedAt === null
        ? []
        : [
            {
              ...r,
              submittedAt: r.submittedAt,
              decidedAt: r.decidedAt ? new Date(r.decidedAt) : null,
              withdrawn: r.status === "withdrawn",
            },
          ],
    ),
  };
}
