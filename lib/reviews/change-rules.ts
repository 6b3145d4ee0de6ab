import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { statusName } from "./review";
import { all, mayDraft, type ReviewSubject } from "./rules";

/** A change is asked for of a design that was approved; one that never was is submitted anew. */
export const mayAskForChange = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => mayDraft(actor, review),
    () =>
      review.status === "approved" || review.status === "approved_with_conditions"
        ? yes
        : no(
            "conflict",
            `${review.ref} is ${statusName[review.status].toLowerCase()}; a change is asked for of an approved design.`,
          ),
  );
