import "server-only";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { policies } from "@/lib/releases/policies";
import { writeDecision } from "./decide";
import { boardOf, entrySubject, insistRound, type LoadedReview, lockedReview } from "./load";
import { maySayNotRequired } from "./not-required-rules";
import { Note, ReviewRef, Round } from "./review";
import { standing } from "./standing";

export const SayNotRequired = z.strictObject({
  ref: ReviewRef,
  round: Round,
  reason: Note(20, "Give the reasons"),
});

/** Whether the gate asks for a decision of the board on a model of this tier; of an unknown tier it is taken to. */
const asksForDecision = (tier: number | null): boolean =>
  tier === null ||
  policies().some(({ policy }) =>
    policy.checks.some((c) => c.reason === "REVIEW_MISSING" && (!c.tiers || c.tiers.includes(tier))),
  );

/** Models of a review on which the gate asks for a decision while no approval is in force: the board has to decide them. */
export async function undecidedOf(read: Reader, review: LoadedReview, now: Date): Promise<string[]> {
  const out: string[] = [];
  for (const model of review.models) {
    if (!asksForDecision(model.tier)) continue;
    const { decision } = await standing(read, model.id, now);
    if (decision === null || decision.outcome === "rejected") out.push(model.name);
  }
  return out;
}

/**
 * The chair says that the case needs no decision. It approves nothing: what stood goes on standing until its own end, and the gate
 * asks what it asked before. So it is refused where the gate asks for a decision and none is in force.
 */
export const sayNotRequired = command({
  name: "review.not_required.recorded",
  title: "Record that a review needs no decision of the board",
  http: { method: "POST", path: "/reviews/{ref}/not-required", status: 201 },
  input: SayNotRequired,
  async load(tx, { ref }, _, now) {
    const review = await lockedReview(tx, ref);
    const { ballots } = await boardOf(tx, review, dayOf(now));
    return { ...review, voted: ballots.length, undecided: await undecidedOf(tx, review, now) };
  },
  may: maySayNotRequired,
  async run(tx, { input, subject, actor, now }) {
    insistRound(subject, input.round);
    const { leaf, status, digest } = await writeDecision(tx, subject, {
      outcome: "not_required",
      rationale: input.reason,
      planned: [],
      ballots: [],
      actor,
      now,
    });
    return {
      result: { ref: subject.ref, status, digest },
      entry: {
        ...entrySubject(subject),
        summary: `said that ${subject.ref} needs no decision`,
        body: { round: subject.round, reason: input.reason, digest },
      },
      signatures: [leaf],
    };
  },
});
