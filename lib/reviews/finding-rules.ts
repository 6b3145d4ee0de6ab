import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import type { FindingStatus } from "./review";
import { all, person, right } from "./rules";

/** What the rules of a finding need to know. */
export type FindingSubject = {
  id: string;
  ref: string;
  status: FindingStatus;
  unitId: string | null;
  raisedBy: string;
  resolvedBy: string | null;
  /** Who was named to mend it; null where nobody was. */
  ownerId: string | null;
  /** The people with a stake in what it is about. */
  partyIds: readonly string[];
  recusedIds: readonly string[];
};

const notRecused = (actor: Actor, finding: FindingSubject) => () =>
  finding.recusedIds.includes(actor.id) ? no("forbidden", "You are recused from this review.") : yes;

/** Who mends it: the person named, or whoever submits for the model. */
const mends = (actor: Actor, finding: FindingSubject, what: string) => () =>
  finding.ownerId === actor.id || holds(actor, "reviews:submit", finding.unitId)
    ? yes
    : no("forbidden", `The finding's owner, or the model's, ${what}.`);

export const mayAnswerFinding = (actor: Actor, finding: FindingSubject): Verdict =>
  all(
    () => person(actor, "answer a finding"),
    () =>
      finding.ownerId === actor.id || holds(actor, "reviews:comment", finding.unitId)
        ? yes
        : no("forbidden", "Answering needs the right reviews:comment."),
    notRecused(actor, finding),
  );

/** Accepting says: it is so, and I mend it. */
export const mayAcceptFinding = (actor: Actor, finding: FindingSubject): Verdict =>
  all(
    () => person(actor, "accept a finding"),
    notRecused(actor, finding),
    mends(actor, finding, "accepts it"),
    () => (finding.status === "open" ? yes : no("conflict", `${finding.ref} is ${finding.status} already.`)),
  );

export const mayResolveFinding = (actor: Actor, finding: FindingSubject): Verdict =>
  all(
    () => person(actor, "resolve a finding"),
    notRecused(actor, finding),
    mends(actor, finding, "says when it is resolved"),
    () =>
      finding.status === "open" || finding.status === "accepted"
        ? yes
        : no("conflict", `${finding.ref} is ${finding.status} already.`),
  );

/** Also reopening: someone of the board looks whether it is really mended, never those who mended it. */
export const mayVerifyFinding = (actor: Actor, finding: FindingSubject): Verdict =>
  all(
    () => person(actor, "verify a finding"),
    right(actor, "reviews:vote", finding.unitId, "Only members of the board verify a finding."),
    notRecused(actor, finding),
    () =>
      actor.id === finding.resolvedBy || actor.id === finding.ownerId || finding.partyIds.includes(actor.id)
        ? no("forbidden", `You have a stake in ${finding.ref}; someone else must verify it.`)
        : yes,
    () =>
      finding.status === "resolved"
        ? yes
        : no("conflict", `${finding.ref} is ${finding.status}; only a resolved finding can be verified or reopened.`),
  );

/** Who has to mend it, by when, and how grave it is: the board says so, not those who mend. */
export const mayAssignFinding = (actor: Actor, finding: FindingSubject): Verdict =>
  all(
    () => person(actor, "name who mends a finding"),
    right(actor, "reviews:vote", finding.unitId, "Only members of the board name who mends a finding, and by when."),
    notRecused(actor, finding),
    () =>
      finding.partyIds.includes(actor.id)
        ? no(
            "forbidden",
            `You have a stake in ${finding.ref}; a member of the board who has none sets its owner and date.`,
          )
        : yes,
    () => (finding.status === "verified" ? no("conflict", `${finding.ref} is verified; it is done.`) : yes),
  );
