import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { type Lane, Note, ReviewRef } from "./review";
import type { ReviewSubject } from "./rules";

/** Business days after the decision by which people look at it again; null: nobody has to (governance.md section 6.2). */
export const lookWithin = (lane: Lane | null, sampled: boolean): number | null =>
  lane === "emergency" ? 2 : sampled ? 10 : null;

export const lookOutcomes = ["stands", "doubted"] as const;
export type LookOutcome = (typeof lookOutcomes)[number];
export const lookOutcomeName: Record<LookOutcome, string> = {
  stands: "It stands",
  doubted: "Doubted: put it before the chair",
};

export const LookBack = z.strictObject({
  ref: ReviewRef,
  outcome: z.enum(lookOutcomes),
  text: Note(20, "Say what you looked at and what you found"),
});

/** What the rule of a look needs to know beside the review. */
export type LookSubject = ReviewSubject & {
  lookDueOn: string | null;
  lookedAt: Date | null;
  /** Who voted or recorded the decision. */
  deciderIds: readonly string[];
};

/** A member of the board who neither has a stake nor took part looks at a decision again. */
export function mayLookBack(actor: Actor, review: LookSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person looks at a decision again.");
  if (!holds(actor, "reviews:vote", review.unitId))
    return no("forbidden", "Only members of the board look at a decision again.");
  if (review.lookDueOn === null) return no("conflict", `${review.ref} was not drawn for a later look.`);
  if (review.lookedAt !== null) return no("conflict", `${review.ref} was looked at already.`);
  if (review.partyIds.includes(actor.id) || review.recusedIds.includes(actor.id))
    return no("forbidden", `You have a stake in ${review.ref} or are recused from it; someone else must look.`);
  if (review.deciderIds.includes(actor.id))
    return no("forbidden", `You took part in deciding ${review.ref}; someone else must look.`);
  return yes;
}

const Score = z
  .int("Choose a number from 1 to 5.")
  .min(1, "Choose a number from 1 to 5.")
  .max(5, "Choose a number from 1 to 5.")
  .optional();

/** What those concerned are asked after a decision; each may be left out. */
export const surveyQuestions = [
  { id: "speed", text: "It was decided as fast as it should be" },
  { id: "clarity", text: "It was clear what was asked and why" },
  { id: "usefulness", text: "The system is better for it" },
] as const;

export const AnswerSurvey = z
  .strictObject({
    ref: ReviewRef,
    speed: Score.describe("It was decided as fast as it should be: 1 not at all, 5 fully"),
    clarity: Score.describe("It was clear what was asked and why: 1 not at all, 5 fully"),
    usefulness: Score.describe("The system is better for it: 1 not at all, 5 fully"),
    text: z.string().trim().max(2000, "Use at most 2,000 characters.").default(""),
  })
  .refine((a) => a.speed !== undefined || a.clarity !== undefined || a.usefulness !== undefined || a.text !== "", {
    path: ["speed"],
    message: "Answer at least one question, or write a sentence.",
  });

const decided: readonly ReviewSubject["status"][] = ["approved", "approved_with_conditions", "rejected"];

/** Those who asked and those who have a stake; the board does not grade itself. */
export function mayAnswerSurvey(actor: Actor, review: ReviewSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person answers.");
  if (!review.partyIds.includes(actor.id))
    return no("forbidden", "Those who asked for the review, own the model or wrote its record are asked.");
  return decided.includes(review.status) ? yes : no("conflict", `${review.ref} is not decided.`);
}
