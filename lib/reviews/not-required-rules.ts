import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { all, mayDecide, type ReviewSubject } from "./rules";

/**
 * Who may record a decision may say that none is needed, while nobody has voted and the gate asks for none that is not in force: so
 * nothing passes by it which needs a decision.
 */
export const maySayNotRequired = (
  actor: Actor,
  review: ReviewSubject & { voted: number; undecided: readonly string[] },
): Verdict =>
  all(
    () => mayDecide(actor, review),
    () =>
      review.voted === 0
        ? yes
        : no(
            "conflict",
            `${review.voted === 1 ? "One vote was" : `${review.voted} votes were`} cast on ${review.ref} in this round, so the board decides it.`,
          ),
    () =>
      review.undecided.length === 0
        ? yes
        : no(
            "conflict",
            `The gate asks for a decision on ${review.undecided.join(" and ")}, and no approval is in force; the board has to decide.`,
          ),
  );
