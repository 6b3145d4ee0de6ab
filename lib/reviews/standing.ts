import "server-only";
import { and, desc, eq, inArray, ne } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { people } from "@/db/schema/org";
import { reviewModels } from "@/db/schema/review-scope";
import { conditions, reviewDecisions, reviews } from "@/db/schema/reviews";
import { dayOf } from "@/lib/core/business-days";
import type { ConditionKind, ConditionStatus, Voted } from "./review";

/** A condition as a gate sees it. `overdue` counts while it is not closed. */
export type Condition = {
  id: string;
  ref: string;
  reviewRef: string;
  text: string;
  kind: ConditionKind;
  ownerId: string;
  ownerName: string;
  dueOn: string;
  status: ConditionStatus;
  overdue: boolean;
};

/** How the board stands to a model right now. */
export type Standing = {
  decision: {
    ref: string;
    outcome: Exclude<Voted, "deferred">;
    digest: string;
    decidedAt: Date;
    validUntil: string | null;
    adrDigest: string | null;
    patternDigest: string | null;
    assessmentDigest: string | null;
    submissionDigest: string | null;
    /** Who asked: a release must not be approved by them alone. */
    submittedBy: string;
    decidedBy: string;
  } | null;
  /** The latest approval, when its validity has ended and nothing newer stands. */
  lapsed: { ref: string; validUntil: string } | null;
  /** All that were not withdrawn, of every decision on the model: a newer approval does not pay an older debt. */
  conditions: Condition[];
};

/** A decision speaks of the models that its round pinned, all of them alike. */
export const decidedOn = and(
  eq(reviewDecisions.reviewId, reviewModels.reviewId),
  eq(reviewDecisions.round, reviewModels.round),
);

/** The latest final decision on a model (a deferral decides nothing), what it was bound to, and its conditions. */
export async function standing(read: Reader, modelId: string, now: Date = new Date()): Promise<Standing> {
  const today = dayOf(now);
  const [latest] = await read
    .select({
      ref: reviews.ref,
      outcome: reviewDecisions.outcome,
      digest: reviewDecisions.digest,
      decidedAt: reviewDecisions.decidedAt,
      decidedBy: reviewDecisions.decidedBy,
      validUntil: reviewDecisions.validUntil,
      adrDigest: reviews.adrDigest,
      patternDigest: reviewModels.patternDigest,
      assessmentDigest: reviewModels.assessmentDigest,
      submissionDigest: reviews.submissionDigest,
      submittedBy: reviews.createdBy,
    })
    .from(reviewModels)
    .innerJoin(reviewDecisions, decidedOn)
    .innerJoin(reviews, eq(reviews.id, reviewDecisions.reviewId))
    .where(
      and(
        eq(reviewModels.modelId, modelId),
        inArray(reviews.status, ["approved", "approved_with_conditions", "rejected"]),
        ne(reviewDecisions.outcome, "deferred"),
      ),
    )
    .orderBy(desc(reviewDecisions.decidedAt), desc(reviewDecisions.id))
    .limit(1);
  const rows = await read
    .select({
      id: conditions.id,
      ref: conditions.ref,
      reviewRef: reviews.ref,
      text: conditions.text,
      kind: conditions.kind,
      ownerId: conditions.ownerId,
      ownerName: people.name,
      dueOn: conditions.dueOn,
      status: conditions.status,
    })
    .from(reviewModels)
    .innerJoin(reviewDecisions, decidedOn)
    .innerJoin(conditions, eq(conditions.decisionId, reviewDecisions.id))
    .innerJoin(reviews, eq(reviews.id, conditions.reviewId))
    .innerJoin(people, eq(people.id, conditions.ownerId))
    .where(and(eq(reviewModels.modelId, modelId), ne(conditions.status, "withdrawn")))
    .orderBy(conditions.dueOn, conditions.ref);
  const lapsed = latest && latest.outcome !== "rejected" && latest.validUntil !== null && latest.validUntil < today;
  const { outcome } = latest ?? {};
  return {
    decision:
      latest && outcome && outcome !== "deferred" && outcome !== "not_required" && !lapsed
        ? { ...latest, outcome }
        : null,
    lapsed: lapsed ? { ref: latest.ref, validUntil: latest.validUntil ?? today } : null,
    conditions: rows.map((row) => ({ ...row, overdue: row.status !== "closed" && row.dueOn < today })),
  };
}
