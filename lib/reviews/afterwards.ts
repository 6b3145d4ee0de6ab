import "server-only";
import { and, eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { people } from "@/db/schema/org";
import { reviewSurveys } from "@/db/schema/reviews";
import type { LoadedReview } from "./load";
import { decidersOf } from "./look-back";

/** What comes after a decision: the later look, and what the reader has answered to the survey. */
export async function afterwardsOf(read: Reader, review: LoadedReview, readerId: string) {
  const { lookDueOn, lookedAt, lookedBy, lookOutcome, lookText } = review.row;
  if (!review.row.decidedAt)
    return { lookDueOn, lookedAt, lookOutcome, lookText, looker: null, deciderIds: [], mySurvey: null };
  const [deciderIds, looker, survey] = await Promise.all([
    decidersOf(read, review.id),
    lookedBy ? read.select({ name: people.name }).from(people).where(eq(people.id, lookedBy)) : [],
    review.partyIds.includes(readerId)
      ? read
          .select({
            speed: reviewSurveys.speed,
            clarity: reviewSurveys.clarity,
            usefulness: reviewSurveys.usefulness,
            text: reviewSurveys.text,
          })
          .from(reviewSurveys)
          .where(
            and(
              eq(reviewSurveys.reviewId, review.id),
              eq(reviewSurveys.round, review.round),
              eq(reviewSurveys.personId, readerId),
            ),
          )
      : [],
  ]);
  return {
    lookDueOn,
    lookedAt,
    lookOutcome,
    lookText,
    looker: looker[0]?.name ?? null,
    deciderIds,
    mySurvey: survey[0] ?? null,
  };
}
