import type { Actor } from "@/lib/core/actor";
import type { Span } from "@/lib/reviews/clocks";
import { type Ballot, type Delegation, type Member, seated, seatOf } from "@/lib/reviews/quorum";
import type { ConditionStatus, FindingStatus, Lane, Outcome, ReviewStatus, Severity } from "@/lib/reviews/review";
import type { BoardSubject } from "@/lib/reviews/rules";

/** The people of the model, by name, with the delegations among them. */
export type Cast = {
  unitId: string;
  actors: ReadonlyMap<string, Actor>;
  members: readonly Member[];
  delegations: readonly Delegation[];
};

export type Finding = {
  ref: string;
  severity: Severity;
  status: FindingStatus;
  raisedBy: string;
  resolvedBy: string | null;
};
export type Condition = {
  ref: string;
  status: ConditionStatus;
  answeredBy: string | null;
  closes: string | null;
};
/** A vote that counted. `for`: the member for whom a delegate cast it. */
export type Counted = { personId: string; seat: Ballot["seat"]; choice: Ballot["choice"]; for?: string };
export type Decided = {
  round: number;
  outcome: Outcome;
  by: { kind: Actor["kind"]; id: string };
  lane: Lane | null;
  /** What was on the table at that moment, for whoever recounts. */
  ballots: readonly Counted[];
  recused: readonly string[];
  conditions: number;
  /** Findings that must be fixed and stood open when it was approved; 0 for other outcomes. */
  openMustFix: number;
};

/** A review as the reference model of the workflow keeps it: what the database spreads over nine tables. Never changed in place. */
export type Review = {
  ref: string;
  status: ReviewStatus;
  /** The lane in which triage puts it. */
  triaged: Lane;
  lane: Lane | null;
  raised: boolean;
  round: number;
  tier: number;
  owner: string;
  parties: readonly string[];
  recused: readonly string[];
  /** Of the present round; superseded ones are gone. */
  ballots: readonly Ballot[];
  closesAt: Date | null;
  findings: readonly Finding[];
  conditions: readonly Condition[];
  decisions: readonly Decided[];
  spans: readonly Span[];
  submittedAt: Date | null;
};

/** Who holds a seat by their roles, by name. */
export const membersAmong = (actors: readonly Actor[]): Member[] =>
  actors
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((actor) => {
      const seat = seatOf(actor.grants.map((grant) => grant.role));
      return actor.kind === "person" && seat ? [{ personId: actor.id, name: actor.name, seat }] : [];
    });

export function drafted(
  ref: string,
  { backup, ...set }: { tier: number; triaged: Lane; owner: string; backup?: string },
): Review {
  return {
    ref,
    ...set,
    status: "draft",
    lane: null,
    raised: false,
    round: 1,
    parties: backup ? [set.owner, backup] : [set.owner],
    recused: [],
    ballots: [],
    closesAt: null,
    findings: [],
    conditions: [],
    decisions: [],
    spans: [],
    submittedAt: null,
  };
}

/** The review as the product's rules see it. */
export function subjectOf(
  cast: Cast,
  review: Review,
): BoardSubject & { ballots: readonly Ballot[]; deferredBefore: boolean } {
  const aside = new Set([...review.recused, ...review.parties]);
  return {
    id: review.ref,
    ref: review.ref,
    status: review.status,
    lane: review.lane,
    round: review.round,
    unitId: cast.unitId,
    tier: review.tier,
    createdBy: review.owner,
    partyIds: review.parties,
    recusedIds: review.recused,
    deferredBefore: review.decisions.some((d) => d.outcome === "deferred"),
    ...seated(cast.members, cast.delegations, aside),
    ballots: review.ballots.filter((b) => !b.for || !aside.has(b.personId)),
  };
}

/** The same review with its lists in one order: who voted first within one minute says nothing. */
export function ordered(review: Review): Review {
  const byPerson = <T extends { personId: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => a.personId.localeCompare(b.personId));
  const byRef = <T extends { ref: string }>(list: readonly T[]) => list.toSorted((a, b) => a.ref.localeCompare(b.ref));
  return {
    ...review,
    recused: review.recused.toSorted(),
    ballots: byPerson(review.ballots),
    findings: byRef(review.findings),
    conditions: byRef(review.conditions),
    decisions: review.decisions.map((d) => ({ ...d, ballots: byPerson(d.ballots) })),
  };
}
