import "server-only";
import { and, desc, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrs, patternAdoptions } from "@/db/schema/decisions";
import { reviewModels } from "@/db/schema/review-scope";
import { conditions, reviewDecisions, reviews } from "@/db/schema/reviews";
import { dayOf } from "@/lib/core/business-days";
import { takeAssessment } from "@/lib/readiness/assess";
import { decidedOn } from "@/lib/reviews/standing";
import type { LoadedVersion } from "./load";
import type { Condition, Evidence } from "./statements";

/** Everything a request pins by digest, and what a signature therefore covers. */
export type Pins = {
  assessmentDigest: string;
  decisionDigest: string | null;
  adrDigest: string | null;
  patternDigest: string | null;
  evidence: Evidence[];
  conditions: Condition[];
};

/** Freezes readiness and reads what stands now for a model version. */
export async function pinsOf(tx: Tx, of: LoadedVersion, now: Date): Promise<Pins> {
  const assessment = await takeAssessment(tx, of.modelId, of.versionId, now);
  const [decision] = await tx
    .select({
      ref: reviews.ref,
      outcome: reviewDecisions.outcome,
      digest: reviewDecisions.digest,
      decidedAt: reviewDecisions.decidedAt,
      adrDigest: reviews.adrDigest,
      adrRef: adrs.ref,
      adrTitle: adrs.title,
    })
    .from(reviewModels)
    .innerJoin(reviewDecisions, decidedOn)
    .innerJoin(reviews, eq(reviews.id, reviewDecisions.reviewId))
    .leftJoin(adrs, eq(adrs.id, reviews.adrId))
    .where(
      and(
        eq(reviewModels.modelId, of.modelId),
        inArray(reviews.status, ["approved", "approved_with_conditions", "rejected"]),
        ne(reviewDecisions.outcome, "deferred"),
      ),
    )
    .orderBy(desc(reviewDecisions.decidedAt), desc(reviewDecisions.id))
    .limit(1);
  const [adoption] = await tx
    .select()
    .from(patternAdoptions)
    .where(and(eq(patternAdoptions.modelId, of.modelId), isNull(patternAdoptions.endedAt)))
    .limit(1);
  const open = await tx
    .select({ ref: conditions.ref, text: conditions.text, dueOn: conditions.dueOn, status: conditions.status })
    .from(reviewModels)
    .innerJoin(reviewDecisions, decidedOn)
    .innerJoin(conditions, eq(conditions.decisionId, reviewDecisions.id))
    .where(and(eq(reviewModels.modelId, of.modelId), inArray(conditions.status, ["open", "answered"])))
    .orderBy(conditions.dueOn, conditions.id)
    .limit(50);

  const evidence: Evidence[] = [
    { name: "readiness", digest: assessment.digest, summary: countsInWords(assessment.counts) },
    ...(decision
      ? [
          {
            name: "board-decision",
            digest: decision.digest,
            summary: `${decision.ref}, ${decision.outcome.replaceAll("_", " ")}, ${dayOf(decision.decidedAt)}`,
          },
        ]
      : []),
    ...(decision?.adrDigest
      ? [
          {
            name: "decision-record",
            digest: decision.adrDigest,
            summary: `${decision.adrRef ?? ""} ${decision.adrTitle ?? ""}`.trim(),
          },
        ]
      : []),
    ...(adoption
      ? [
          {
            name: "reference-architecture",
            digest: adoption.digest,
            summary: `${adoption.patternId} v${adoption.version}${adoption.deviations ? ", with deviations" : ""}`,
          },
        ]
      : []),
  ];
  return {
    assessmentDigest: assessment.digest,
    decisionDigest: decision?.digest ?? null,
    adrDigest: decision?.adrDigest ?? null,
    patternDigest: adoption?.digest ?? null,
    evidence,
    conditions: open.map(({ ref, text, ...c }) => ({ text: `${ref}: ${text}`, ...c })),
  };
}

const countsInWords = (c: { pass: number; fail: number; unknown: number; waived: number; total: number }) =>
  `${c.pass} pass, ${c.fail} fail, ${c.waived} waived, ${c.unknown} unknown of ${c.total}`;
