import { z } from "zod";
import { type Calendar, endOfWork, localDay } from "@/lib/calendars/calendar";
import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { addBusinessDays, type Day } from "@/lib/core/business-days";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { Note, ReviewRef } from "./review";
import type { ReviewSubject } from "./rules";

export const escalationKinds = ["promise", "condition", "disagreement"] as const;
export type EscalationKind = (typeof escalationKinds)[number];

/** Whom a step tells. */
export type Told = "chair" | "executives" | "committee" | "manager" | "manager_and_chair";

export const toldName: Record<Told, string> = {
  chair: "the chair",
  executives: "leadership",
  committee: "the executive risk committee",
  manager: "the owner's manager",
  manager_and_chair: "the heads above and the chair",
};

type Step = {
  id: string;
  /** Days after what the ladder is counted from: business days, or days of the calendar for conditions. */
  after: number;
  tells: Told;
};

/**
 * The ladders (governance.md section 6.4). A missed promise: the chair at once, leadership after 2 business days, and after 5
 * tiers 3 and 4 pass to the fast track while tiers 1 and 2 go to the executive risk committee. An overdue condition: the owner's
 * manager after 5 days, heads and chair after 15, and after 30 the approval is suspended, which the gate enforces by itself. A
 * disagreement: the chair, after 2 business days leadership, after 5 the committee.
 */
export const ladders = {
  promise: [
    { id: "missed", after: 0, tells: "chair" },
    { id: "missed_2", after: 2, tells: "executives" },
    { id: "missed_5", after: 5, tells: "committee" },
  ],
  condition: [
    { id: "overdue_5", after: 5, tells: "manager" },
    { id: "overdue_15", after: 15, tells: "manager_and_chair" },
    { id: "overdue_30", after: 30, tells: "manager_and_chair" },
  ],
  disagreement: [
    { id: "raised", after: 0, tells: "chair" },
    { id: "open_2", after: 2, tells: "executives" },
    { id: "open_5", after: 5, tells: "committee" },
  ],
} as const satisfies Record<EscalationKind, readonly Step[]>;
export type EscalationStep = (typeof ladders)[EscalationKind][number]["id"];

/** Steps of a ladder that have come by `now`, first ones first; `since` as an instant and as its local day. */
export function stepsDue(
  kind: EscalationKind,
  since: { at: Date; on: Day },
  now: Date,
  calendar: Calendar,
): readonly { id: EscalationStep; tells: Told }[] {
  if (kind === "condition") {
    const over = Math.round((Date.parse(localDay(calendar, now)) - Date.parse(since.on)) / 86_400_000);
    return ladders.condition.filter((step) => over >= step.after);
  }
  return ladders[kind].filter((step) =>
    step.after === 0
      ? now > since.at || kind === "disagreement"
      : now > endOfWork(calendar, addBusinessDays(since.on, step.after, calendar)),
  );
}

/** Whether a promise missed by so much lets the review pass to the fast track: never in tiers 1 and 2. */
export const passesToFastTrack = (step: EscalationStep, review: Pick<ReviewSubject, "tier" | "lane">): boolean =>
  step === "missed_5" && review.tier !== null && review.tier >= 3 && review.lane === "full_board";

export const RaiseDisagreement = z.strictObject({
  ref: ReviewRef,
  reason: Note(20, "Say what you disagree with and what you ask for"),
});
export const AnswerDisagreement = z.strictObject({ ref: ReviewRef, answer: Note(10, "Say what was settled") });

/** Whoever submits, comments on or votes on a review may ask those above to settle what its people cannot. */
export function mayRaiseDisagreement(actor: Actor, review: ReviewSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person can disagree.");
  if (!holds(actor, "reviews:comment", review.unitId))
    return no("forbidden", "Escalating needs the right reviews:comment. Board members and model owners have it.");
  if (review.status === "draft" || review.status === "withdrawn")
    return no(
      "conflict",
      `${review.ref} is ${review.status === "draft" ? "a draft" : "withdrawn"}; nothing is disputed.`,
    );
  return yes;
}

/** What a standing disagreement is to its rules: who raised it, and who was told so far. */
export type Disagreement = { raisedBy: string; told: readonly string[] };

/** Those who were told settle it, never the one who raised it. */
export function mayAnswerDisagreement(
  actor: Actor,
  review: { ref: string; disagreement: Disagreement | null },
): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person settles a disagreement.");
  const { disagreement } = review;
  if (!disagreement) return no("conflict", `No disagreement stands on ${review.ref}.`);
  if (disagreement.raisedBy === actor.id) return no("forbidden", "You raised it; whom it was put before settles it.");
  if (!disagreement.told.includes(actor.id))
    return no("forbidden", "Only those whom the disagreement was put before settle it.");
  return yes;
}
