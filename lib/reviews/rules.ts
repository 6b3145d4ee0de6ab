import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { roles } from "@/lib/core/rights";
import { type Idle, type Member, seatOf } from "./quorum";
import {
  type ConditionStatus,
  editable,
  type Lane,
  laneName,
  laneRank,
  type ReviewStatus,
  type Seat,
  statusName,
} from "./review";

/** What the rules of a review need to know about it. */
export type ReviewSubject = {
  id: string;
  ref: string;
  status: ReviewStatus;
  lane: Lane | null;
  round: number;
  unitId: string | null;
  tier: number | null;
  createdBy: string;
  /** Everyone with a stake: author, submitters, the model's owners, authors of its decision record. */
  partyIds: readonly string[];
  recusedIds: readonly string[];
  deferredBefore: boolean;
};

/** The same with its board of today: who can sit in which seat, themselves or for a member. */
export type BoardSubject = ReviewSubject & { members: readonly Member[]; idle: readonly Idle[] };

/** The place in which someone votes: their own seat, or that of the member for whom they stand in. */
export const placeOf = (review: BoardSubject, personId: string): Member | null =>
  review.members.find((m) => m.personId === personId) ?? null;

/** A delegate votes by the member's right; a token of theirs must be meant for it all the same. */
const standsIn = (actor: Actor, review: BoardSubject): boolean =>
  actor.kind === "person" &&
  Boolean(placeOf(review, actor.id)?.standsFor) &&
  (actor.scopes?.includes("reviews:vote") ?? true);

/** What the rules of a condition need to know. */
export type ConditionSubject = {
  id: string;
  ref: string;
  status: ConditionStatus;
  unitId: string | null;
  ownerId: string;
  answeredBy: string | null;
  partyIds: readonly string[];
};

export const person = (actor: Actor, what: string): Verdict =>
  actor.kind === "person" ? yes : no("forbidden", `Only a person can ${what}.`);

/** First verdict that says no. */
export function all(...verdicts: (() => Verdict)[]): Verdict {
  for (const verdict of verdicts) {
    const answer = verdict();
    if (!answer.ok) return answer;
  }
  return yes;
}

export const right = (actor: Actor, name: Parameters<typeof holds>[1], unitId: string | null, reason: string) => () =>
  holds(actor, name, unitId) ? yes : no("forbidden", reason);

const isState = (review: ReviewSubject, status: ReviewStatus, todo: string) => () =>
  review.status === status
    ? yes
    : no("conflict", `${review.ref} is ${statusName[review.status].toLowerCase()}; ${todo}`);

/** The seat the actor sits in, by role. */
export const seatOfActor = (actor: Actor): Seat | null =>
  actor.kind === "person" ? seatOf(roles.filter((role) => hasRole(actor, role))) : null;

export const mayDraft = (actor: Actor, model: { unitId: string | null }): Verdict =>
  all(
    () => person(actor, "submit to the board"),
    right(
      actor,
      "reviews:submit",
      model.unitId,
      "Asking for a review needs the right reviews:submit in the model's business unit. The model's owner has it.",
    ),
  );

/** Whoever asks for a decision on several models must be able to ask for each of them. */
export const mayName = (actor: Actor, named: readonly { name: string; unitId: string | null }[]): Verdict =>
  all(
    ...named.map(({ name, unitId }) =>
      right(
        actor,
        "reviews:submit",
        unitId,
        `Asking for a decision on ${name} too needs the right reviews:submit in its business unit.`,
      ),
    ),
  );

export const mayEdit = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => mayDraft(actor, review),
    () =>
      editable.includes(review.status)
        ? yes
        : no(
            "conflict",
            `${review.ref} is ${statusName[review.status].toLowerCase()}; its submission is fixed${review.status === "in_review" ? " until the board asks for changes" : ""}.`,
          ),
  );

export const mayWithdraw = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => mayDraft(actor, review),
    () =>
      editable.includes(review.status) || review.status === "in_review"
        ? yes
        : no("conflict", `${review.ref} is ${statusName[review.status].toLowerCase()} and stays on record.`),
  );

/** Decided reviews stay open for comments: questions come later too. */
export const mayComment = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    right(
      actor,
      "reviews:comment",
      review.unitId,
      "Commenting needs the right reviews:comment. Board members and model owners have it.",
    ),
    () => person(actor, "comment"),
    () =>
      review.recusedIds.includes(actor.id)
        ? no("forbidden", "You declared that you are recused from this review, so you cannot comment on it.")
        : yes,
    () => (review.status === "withdrawn" ? no("conflict", `${review.ref} is withdrawn.`) : yes),
  );

const mayReview = (actor: Actor, review: ReviewSubject, what: string): Verdict =>
  all(
    () => person(actor, what),
    right(actor, "reviews:vote", review.unitId, `Only members of the board can ${what}.`),
    () => isFree(actor, review, what),
  );

/** Neither recused nor a party: separation of duties. */
const isFree = (actor: Actor, review: ReviewSubject, what: string): Verdict =>
  all(
    () =>
      review.recusedIds.includes(actor.id)
        ? no("forbidden", `You declared that you are recused from this review, so you cannot ${what}.`)
        : yes,
    () =>
      review.partyIds.includes(actor.id)
        ? no(
            "forbidden",
            `You have a stake in ${review.ref} (author, submitter or owner), so someone else must ${what}.`,
          )
        : yes,
  );

export const mayRaiseFinding = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => mayReview(actor, review, "raise a finding"),
    isState(review, "in_review", "findings are raised while it is in review."),
  );

export const mayRequestChanges = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => mayReview(actor, review, "ask for changes"),
    isState(review, "in_review", "changes are asked for while it is in review."),
  );

/** `to` null: whether the actor may move the lane at all. */
export const mayChangeLane = (actor: Actor, review: ReviewSubject, to: Lane | null = null): Verdict =>
  all(
    () => mayReview(actor, review, "change the lane"),
    isState(review, "in_review", "the lane is fixed."),
    () =>
      to !== null && to === review.lane ? no("conflict", `${review.ref} is in the lane ${laneName[to]} already.`) : yes,
    () =>
      to !== null && (to === "self_service" || to === "emergency")
        ? no("conflict", `A review enters the lane ${laneName[to]} by triage only.`)
        : yes,
  );
export const lowersLane = (review: ReviewSubject, to: Lane): boolean =>
  review.lane !== null && laneRank[to] < laneRank[review.lane];

export const mayRecuse = (actor: Actor, review: BoardSubject): Verdict =>
  all(
    () => person(actor, "be recused"),
    () =>
      holds(actor, "reviews:vote", review.unitId) || standsIn(actor, review)
        ? yes
        : no("forbidden", "Only members of the board vote, so only they can be recused."),
    () => (review.recusedIds.includes(actor.id) ? no("conflict", "You are recused already.") : yes),
    () =>
      review.status === "draft" ||
      review.status === "in_review" ||
      review.status === "changes_requested" ||
      review.status === "deferred"
        ? yes
        : no(
            "conflict",
            `${review.ref} is ${statusName[review.status].toLowerCase()}; a recusal must come before the decision.`,
          ),
  );

export const mayVote = (actor: Actor, review: BoardSubject): Verdict =>
  all(
    () => person(actor, "vote on it"),
    () => {
      const idle = review.idle.find((i) => i.personId === actor.id);
      return idle ? no("forbidden", idle.why) : yes;
    },
    () =>
      holds(actor, "reviews:vote", review.unitId) || standsIn(actor, review)
        ? yes
        : no("forbidden", "Only members of the board and their delegates can vote on it."),
    () => isFree(actor, review, "vote on it"),
    () =>
      placeOf(review, actor.id) === null
        ? no("forbidden", "You hold no seat on the board for this business unit.")
        : yes,
    isState(review, "in_review", "votes are cast while it is in review."),
  );

/** What the chair or a deputy does for the board: `done` as in "Only the chair …", `deed` as in "a deputy must …". */
const mayLead = (actor: Actor, review: ReviewSubject, done: string, deed: string, todo: string): Verdict =>
  all(
    () => person(actor, deed),
    right(actor, "reviews:decide", review.unitId, `Only the chair ${done}.`),
    () =>
      review.recusedIds.includes(actor.id)
        ? no("forbidden", `You declared that you are recused from this review; a deputy must ${deed}.`)
        : yes,
    () =>
      review.partyIds.includes(actor.id)
        ? no("forbidden", `You have a stake in ${review.ref} (author, submitter or owner); a deputy must ${deed}.`)
        : yes,
    isState(review, "in_review", todo),
  );

export const mayDecide = (actor: Actor, review: ReviewSubject): Verdict =>
  mayLead(actor, review, "records the board's decision", "record the board's decision", "there is nothing to decide.");

export const mayOpenVote = (actor: Actor, review: ReviewSubject): Verdict =>
  mayLead(actor, review, "sets when voting closes", "set when voting closes", "there is nothing to vote on.");

/** The portal decides in the self-service lane and nowhere else, and not once people have spoken: `said` names what they said. */
export const mayDecideAutomatically = (actor: Actor, review: ReviewSubject & { said: string | null }): Verdict =>
  all(
    () => (actor.kind === "system" ? yes : no("forbidden", "Automatic decisions are the portal's own.")),
    isState(review, "in_review", "there is nothing to decide."),
    () =>
      review.lane === "self_service"
        ? yes
        : no(
            "conflict",
            `${review.ref} is in the lane ${review.lane ? laneName[review.lane] : "none"}; people decide it.`,
          ),
    () => (review.said === null ? yes : no("conflict", `${review.said} on ${review.ref}, so people decide it.`)),
  );

export const mayAnswerCondition = (actor: Actor, condition: ConditionSubject): Verdict =>
  all(
    () => person(actor, "answer a condition"),
    right(
      actor,
      "conditions:answer",
      condition.unitId,
      "Answering a condition needs the right conditions:answer in the model's business unit.",
    ),
    () => (condition.status === "open" ? yes : no("conflict", `${condition.ref} is ${condition.status}.`)),
  );

const mayJudgeCondition = (actor: Actor, condition: ConditionSubject, what: string): Verdict =>
  all(
    () => person(actor, what),
    right(actor, "conditions:accept", condition.unitId, "Only the chair judges conditions."),
    () =>
      actor.id === condition.ownerId || actor.id === condition.answeredBy || condition.partyIds.includes(actor.id)
        ? no(
            "forbidden",
            `You own or answered ${condition.ref}, or have a stake in the review; someone else must judge it.`,
          )
        : yes,
  );

/** Accepting the answer and returning it ask the same. */
export const mayJudgeAnswer = (actor: Actor, condition: ConditionSubject): Verdict =>
  all(
    () => mayJudgeCondition(actor, condition, "judge a condition"),
    () =>
      condition.status === "answered"
        ? yes
        : no("conflict", `${condition.ref} is ${condition.status}; it can be judged once it is answered.`),
  );

export const mayExtendCondition = (actor: Actor, condition: ConditionSubject): Verdict =>
  all(
    () => mayJudgeCondition(actor, condition, "extend a condition"),
    () =>
      condition.status === "open" || condition.status === "answered"
        ? yes
        : no("conflict", `${condition.ref} is ${condition.status}.`),
  );
