import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { reviewSurveys, reviews } from "@/db/schema/reviews";
import { localDay } from "@/lib/calendars/calendar";
import { calendarOfUnit } from "@/lib/calendars/find";
import { addBusinessDays, type Day } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { openDisagreement } from "./escalate";
import { entrySubject, type LoadedReview, lockedReview } from "./load";
import { AnswerSurvey, LookBack, type LookSubject, lookWithin, mayAnswerSurvey, mayLookBack } from "./look";

/** The day by which a decision of `now` is to be looked at again; null when it need not be. */
export async function lookDue(tx: Tx, review: LoadedReview, now: Date): Promise<Day | null> {
  const within = lookWithin(review.lane, review.row.sampled);
  if (within === null) return null;
  const { calendar } = await calendarOfUnit(tx, review.unitId);
  return addBusinessDays(localDay(calendar, now), within, calendar);
}

/** Who voted in any round, or recorded a decision. */
export async function decidersOf(read: Reader, reviewId: string): Promise<string[]> {
  const { rows } = await read.execute<{ id: string }>(sql`
    select v.person_id::text as id from vote v where v.review_id = ${reviewId}::uuid and v.superseded_at is null
    union select d.decided_by from review_decision d where d.review_id = ${reviewId}::uuid`);
  return rows.map((row) => row.id);
}

/** A person who took no part looks at a decision again; a doubt is put before the chair and climbs while nobody settles it. */
export const lookBack = command({
  name: "review.looked_back",
  title: "Look again at a decision that was drawn, or made in an emergency",
  http: { method: "POST", path: "/reviews/{ref}/look" },
  input: LookBack,
  load: async (tx, { ref }): Promise<LoadedReview & LookSubject> => {
    const review = await lockedReview(tx, ref);
    const { lookDueOn, lookedAt } = review.row;
    return { ...review, lookDueOn, lookedAt, deciderIds: await decidersOf(tx, review.id) };
  },
  may: mayLookBack,
  run: async (tx, { input, subject, actor, now }) => {
    const [looked] = await tx
      .update(reviews)
      .set({ lookedAt: now, lookedBy: actor.id, lookOutcome: input.outcome, lookText: input.text })
      .where(and(eq(reviews.id, subject.id), isNull(reviews.lookedAt)))
      .returning({ id: reviews.id });
    if (!looked) throw new Refusal("conflict", `${subject.ref} was looked at a moment ago. Reload it.`);
    const raised =
      input.outcome === "doubted" ? await openDisagreement(tx, subject, { actor, reason: input.text, now }) : null;
    return {
      result: { ref: subject.ref, outcome: input.outcome },
      entry: {
        ...entrySubject(subject),
        summary: raised
          ? `looked again at ${subject.ref} and put a doubt before ${raised.whom}`
          : `looked again at ${subject.ref}: it stands`,
        body: { outcome: input.outcome, text: input.text, dueOn: subject.lookDueOn, escalation: raised?.body ?? null },
      },
    };
  },
});

/** One answer a person and round; a second takes the place of the first. */
export const answerSurvey = command({
  name: "review.survey.answered",
  title: "Say how the review was",
  http: { method: "PUT", path: "/reviews/{ref}/survey" },
  input: AnswerSurvey,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAnswerSurvey,
  run: async (tx, { input, subject, actor, now }) => {
    const answer = {
      speed: input.speed ?? null,
      clarity: input.clarity ?? null,
      usefulness: input.usefulness ?? null,
      text: input.text,
    };
    await tx
      .insert(reviewSurveys)
      .values({
        id: newId(),
        reviewId: subject.id,
        round: subject.round,
        personId: actor.id,
        ...answer,
        answeredAt: now,
      })
      .onConflictDoUpdate({
        target: [reviewSurveys.reviewId, reviewSurveys.round, reviewSurveys.personId],
        set: { ...answer, answeredAt: now },
      });
    return {
      result: { ref: subject.ref, ...answer },
      entry: {
        ...entrySubject(subject),
        summary: `said how the review ${subject.ref} was`,
        body: { round: subject.round, ...answer },
      },
    };
  },
});
