import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { models, riskAssessments } from "@/db/schema/models";
import { tierOverrides } from "@/db/schema/risk";
import { takeAssessment } from "@/lib/readiness/assess";

/** The override that stands for a model, expired or not: the sweep ends those whose day has come. */
export async function openOverride(tx: Tx, modelId: string) {
  const [row] = await tx
    .select()
    .from(tierOverrides)
    .where(and(eq(tierOverrides.modelId, modelId), isNull(tierOverrides.endedAt)));
  return row ?? null;
}

/**
 * Brings a model's tier into line with its answers and its override, and takes readiness anew, since the tier decides what must be
 * ready. Called inside the command that changed either.
 */
export async function applyTier(tx: Tx, modelId: string, now: Date): Promise<{ tier: number | null }> {
  const [risk] = await tx
    .select({ assessment: riskAssessments })
    .from(models)
    .innerJoin(riskAssessments, eq(riskAssessments.id, models.riskAssessmentId))
    .where(eq(models.id, modelId));
  if (!risk) throw new Error("A tier without an assessment.");
  const override = await openOverride(tx, modelId);
  const { assessment } = risk;
  const tier = override?.toTier ?? assessment.tier;
  await tx
    .update(models)
    .set({
      tier,
      tierProvisional: assessment.provisional,
      ...(override ? { tierDriver: "override" } : assessment.driver === null ? {} : { tierDriver: assessment.driver }),
      legalClass: assessment.legalClass,
      updatedAt: now,
      revision: sql`${models.revision} + 1`,
    })
    .where(eq(models.id, modelId));
  await takeAssessment(tx, modelId, null, now);
  return { tier };
}
