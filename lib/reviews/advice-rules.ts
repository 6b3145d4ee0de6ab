import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { editable, statusName } from "./review";
import { all, mayDraft, person, type ReviewSubject } from "./rules";

/** One piece of advice, asked and perhaps given. `done`: what the author did with it. */
export type Advice = {
  id: string;
  adviserId: string;
  adviser: string;
  question: string;
  askedAt: Date;
  answer: string | null;
  answeredAt: Date | null;
  done: string | null;
};

const undecided = (review: ReviewSubject) => () =>
  editable.includes(review.status) || review.status === "in_review"
    ? yes
    : no("conflict", `${review.ref} is ${statusName[review.status].toLowerCase()}; its advice stands as it is.`);

export const mayAskAdvice = (actor: Actor, review: ReviewSubject): Verdict =>
  all(() => mayDraft(actor, review), undecided(review));

/** Advice is given by whoever was asked, under their own name. */
export const mayAdvise = (
  actor: Actor,
  review: ReviewSubject,
  advice: Pick<Advice, "adviserId" | "adviser">,
): Verdict =>
  all(
    () => person(actor, "give advice"),
    () =>
      actor.id === advice.adviserId ? yes : no("forbidden", `${advice.adviser} was asked, and answers in person.`),
    undecided(review),
  );

export const maySayDone = (
  actor: Actor,
  review: ReviewSubject,
  advice: Pick<Advice, "answeredAt" | "adviser">,
): Verdict =>
  all(
    () => mayDraft(actor, review),
    () =>
      editable.includes(review.status)
        ? yes
        : no("conflict", `${review.ref} is ${statusName[review.status].toLowerCase()}; its submission is fixed.`),
    () => (advice.answeredAt ? yes : no("conflict", `${advice.adviser} has not answered yet.`)),
  );

/** Advice that was given, and of which nothing is said yet, keeps a draft from being submitted; silence does not. */
export const adviceLack = (
  a: Pick<Advice, "adviser" | "answeredAt" | "done">,
): { field: string; message: string } | null =>
  a.answeredAt && a.done === null
    ? { field: "advice-log", message: `Say what was done with the advice of ${a.adviser}.` }
    : null;
