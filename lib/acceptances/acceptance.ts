import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict } from "@/lib/core/refusal";
import { type Asked, type Authority, mayAccept } from "@/lib/readiness/risk-acceptance";
import { DecideWaiver, RequestWaiver } from "@/lib/readiness/waiver";
import { ReviewRef, statusName } from "@/lib/reviews/review";
import { mayComment, type ReviewSubject } from "@/lib/reviews/rules";

/** One part of an acceptance that was given: by whom, by which authority, and why. */
export type GivenPart = {
  part: number;
  personId: string;
  name: string;
  authority: Authority;
  reason: string;
  at: string;
};

export const AcceptanceRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^RSK-\d{1,9}$/i, "Use a reference like RSK-0003.");

const { likelihood, impact, affected, expiresOn, reason } = RequestWaiver.shape;

export const AskAcceptance = z.strictObject({
  ref: ReviewRef,
  /** Of the submission's list of risks, in its words. */
  risk: z.string().trim().min(1, "Name a risk of the submission.").max(500, "At most 500 characters."),
  reason,
  likelihood,
  impact,
  affected,
  expiresOn,
});
export const DecideAcceptance = z.strictObject({ ...DecideWaiver.shape, ref: AcceptanceRef });
export const EndAcceptance = z.strictObject({ ref: AcceptanceRef, reason: DecideWaiver.shape.reason });

/** Whoever may comment on a submitted review may ask that one of its risks be accepted. */
export function mayAskAcceptance(actor: Actor, review: ReviewSubject): Verdict {
  const may = mayComment(actor, review);
  if (!may.ok) return may;
  return review.status === "draft"
    ? no("conflict", `${review.ref} is a ${statusName.draft.toLowerCase()}; its risks are not final. Submit it first.`)
    : may;
}

/** `asked.model.reviewerIds` holds who voted, decided or was named to read the review; `partyIds` who has a stake in it. */
export type AcceptanceSubject = Asked & { review: string; partyIds: readonly string[] };

/** The rule of the matrix; who has a stake in the review cannot either. */
export function mayDecideAcceptance(actor: Actor, asked: AcceptanceSubject): Verdict {
  if (actor.id !== asked.requestedBy && asked.partyIds.includes(actor.id))
    return no("forbidden", `You have a stake in ${asked.review}; someone else must accept the risk.`);
  return mayAccept(actor, asked, "risk acceptance");
}
