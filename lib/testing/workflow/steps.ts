import type { Actor } from "@/lib/core/actor";
import type { RefusalCode, Verdict } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { decisionLacks } from "@/lib/reviews/decision";
import {
  type FindingSubject,
  mayAcceptFinding,
  mayResolveFinding,
  mayVerifyFinding,
} from "@/lib/reviews/finding-rules";
import { type Ballot, counted, tally } from "@/lib/reviews/quorum";
import { type Choice, type Lane, laneName, type Outcome, outcomeLeadsTo, type Severity } from "@/lib/reviews/review";
import {
  type ConditionSubject,
  lowersLane,
  mayAnswerCondition,
  mayChangeLane,
  mayComment,
  mayDecide,
  mayDecideAutomatically,
  mayEdit,
  mayJudgeAnswer,
  mayOpenVote,
  mayRaiseFinding,
  mayRecuse,
  mayRequestChanges,
  mayVote,
  mayWithdraw,
  placeOf,
} from "@/lib/reviews/rules";
import { type Cast, type Condition, type Finding, type Review, subjectOf } from "./state";

/** One attempt of one actor on one review; `round` is the round they have read. */
export type Step =
  | { do: "save" | "submit" | "withdraw" | "comment" | "recuse" | "decide_by_rule" }
  | { do: "request_changes"; round: number }
  | { do: "raise_finding"; round: number; severity: Severity; ref: string }
  | { do: "change_lane"; lane: Lane; reason: boolean }
  | { do: "vote"; round: number; choice: Choice; reason: boolean }
  | { do: "open_vote"; round: number; hours: number }
  | {
      do: "decide";
      round: number;
      outcome: Outcome;
      until: boolean;
      /** Refs of the conditions it would make, each with the finding that it closes. */
      conditions: readonly { ref: string; closes: string | null }[];
    }
  | { do: "accept_finding" | "resolve_finding" | "verify_finding" | "reopen_finding"; finding: string }
  | { do: "answer_condition" | "accept_answer" | "return_answer"; condition: string };

/** `unchanged`: it was so already. */
export type Told = { ok: true; next: Review; unchanged?: true } | { ok: false; code: RefusalCode; reason: string };

const refuse = (code: RefusalCode, reason: string): Told => ({ ok: false, code, reason });

function moved(review: Review, set: Partial<Review>, now: Date): Review {
  const next = { ...review, ...set };
  if (next.status === review.status || next.submittedAt === null) return next;
  const spans = review.spans.map((span) => (span.to === null ? { ...span, to: now } : span));
  return { ...next, spans: [...spans, { status: next.status, from: now, to: null }] };
}

const stale = (review: Review, round: number): Told | null =>
  round === review.round
    ? null
    : refuse(
        "conflict",
        `${review.ref} was resubmitted: you read round ${round}, it is in round ${review.round} now. Read what changed first.`,
      );

/**
 * What the portal must answer to a step, and what the review is afterwards. Who may is asked of the product's own rules; what
 * follows is said here a second time, in memory, so that the commands can be held against it.
 */
export function attempt(cast: Cast, review: Review, actor: Actor, step: Step, now: Date): Told {
  const subject = subjectOf(cast, review);
  const after = (verdict: Verdict, act: () => Told): Told =>
    verdict.ok ? act() : refuse(verdict.code, verdict.reason);
  const to = (set: Partial<Review>): Told => ({ ok: true, next: moved(review, set, now) });

  switch (step.do) {
    case "save":
      return after(mayEdit(actor, subject), () => to({}));
    case "comment":
      return after(mayComment(actor, subject), () => to({}));
    case "submit":
      return after(mayEdit(actor, subject), () =>
        to({
          status: "in_review",
          round: review.submittedAt ? review.round + 1 : 1,
          lane: review.raised ? review.lane : review.triaged,
          ballots: [],
          closesAt: null,
          submittedAt: review.submittedAt ?? now,
        }),
      );
    case "withdraw":
      return after(mayWithdraw(actor, subject), () => to({ status: "withdrawn" }));
    case "request_changes":
      return after(
        mayRequestChanges(actor, subject),
        () => stale(review, step.round) ?? to({ status: "changes_requested" }),
      );
    case "change_lane":
      return after(mayChangeLane(actor, subject, step.lane), () =>
        lowersLane(subject, step.lane) && !step.reason
          ? refuse("invalid", `Lowering the lane to ${laneName[step.lane]} needs a reason.`)
          : to({ lane: step.lane, raised: true }),
      );
    case "recuse":
      return after(mayRecuse(actor, subject), () =>
        to({
          recused: [...review.recused, actor.id],
          ballots: review.ballots.filter((b) => b.personId !== actor.id),
        }),
      );
    case "vote":
      return after(mayVote(actor, subject), () => stale(review, step.round) ?? vote(cast, review, actor, step, now));
    case "open_vote":
      return after(
        mayOpenVote(actor, subject),
        () =>
          stale(review, step.round) ??
          (step.hours < 1 || step.hours > 720
            ? refuse("invalid", "Leave at least an hour, and at most 30 days.")
            : to({ closesAt: new Date(now.getTime() + step.hours * 3_600_000) })),
      );
    case "decide":
      return after(
        mayDecide(actor, subject),
        () => stale(review, step.round) ?? decide(cast, review, actor, step, now),
      );
    case "decide_by_rule":
      return after(mayDecideAutomatically(actor, { ...subject, said: saidOn(review) }), () =>
        to(decided(review, actor, "approved", [], [])),
      );
    case "raise_finding":
      return after(
        mayRaiseFinding(actor, subject),
        () =>
          stale(review, step.round) ??
          to({
            findings: [
              ...review.findings,
              { ref: step.ref, severity: step.severity, status: "open", raisedBy: actor.id, resolvedBy: null },
            ],
          }),
      );
    case "accept_finding":
    case "resolve_finding":
    case "verify_finding":
    case "reopen_finding":
      return onFinding(cast, review, actor, step);
    default:
      return onCondition(cast, review, actor, step);
  }
}

/** What keeps the portal from deciding by itself. */
function saidOn(review: Review): string | null {
  const open = review.findings.filter((f) => f.severity !== "note" && f.status !== "verified").map((f) => f.ref);
  if (open.length > 0) return `${[...open].sort()[0]} is open`;
  return review.ballots.length > 0 ? "A member of the board voted" : null;
}

type Of<D extends Step["do"]> = Extract<Step, { do: D }>;

function vote(cast: Cast, review: Review, actor: Actor, step: Of<"vote">, now: Date): Told {
  const subject = subjectOf(cast, review);
  if (step.choice === "reject" && !step.reason)
    return refuse("invalid", "A rejection needs its reason, so that the dissent is on record.");
  const place = placeOf(subject, actor.id);
  if (!place) throw new Error(`${actor.name} may vote without a place`);
  if (review.closesAt && now >= review.closesAt)
    return refuse(
      "conflict",
      `Voting on ${review.ref} closed on ${sayMinute(review.closesAt)}. The chair can open it anew.`,
    );
  const { standsFor, seat } = place;
  if (standsFor && subject.ballots.some((b) => b.personId === standsFor.personId))
    return refuse("conflict", `${standsFor.name} voted on ${review.ref} in person, so you cannot vote for that seat.`);
  const before = review.ballots.find((b) => b.personId === actor.id);
  const ballot: Ballot = {
    personId: actor.id,
    name: actor.name,
    seat,
    choice: step.choice,
    ...(standsFor ? { for: standsFor } : {}),
  };
  if (before?.choice === step.choice && before.seat === seat && before.for?.personId === standsFor?.personId)
    return { ok: true, next: review, unchanged: true };
  const others = review.ballots.filter((b) => b.personId !== actor.id && b.for?.personId !== actor.id);
  return { ok: true, next: { ...review, ballots: [...others, ballot] } };
}

function decide(cast: Cast, review: Review, actor: Actor, step: Of<"decide">, now: Date): Told {
  const { members, ballots, deferredBefore } = subjectOf(cast, review);
  const today = now.toISOString().slice(0, 10);
  const lacks = decisionLacks(
    {
      outcome: step.outcome,
      conditions: step.conditions.map((c) => ({
        owner: review.owner,
        dueOn: today,
        ...(c.closes ? { closes: c.closes } : {}),
      })),
      ...(step.until ? { until: today } : {}),
    },
    {
      tally: tally(review.lane ?? "full_board", review.tier, members, ballots),
      findings: review.findings.map((f) => ({ ...f, title: f.ref })),
      deferredBefore,
      today,
    },
  );
  if (lacks.length > 0) return refuse("conflict", `The decision cannot be recorded yet: ${lacks.join(" ")}`);
  const next = decided(review, actor, step.outcome, counted(members, ballots), step.conditions);
  return { ok: true, next: moved(review, next, now) };
}

function decided(
  review: Review,
  actor: Actor,
  outcome: Outcome,
  ballots: readonly Ballot[],
  conditions: Of<"decide">["conditions"],
): Partial<Review> {
  const closed = new Set(conditions.map((c) => c.closes));
  return {
    status: outcomeLeadsTo[outcome],
    conditions: [
      ...review.conditions,
      ...conditions.map((c): Condition => ({ ...c, status: "open", answeredBy: null })),
    ],
    decisions: [
      ...review.decisions,
      {
        round: review.round,
        outcome,
        by: { kind: actor.kind, id: actor.id },
        lane: review.lane,
        ballots: ballots.map(({ personId, seat, choice, for: member }) => ({
          personId,
          seat,
          choice,
          ...(member ? { for: member.personId } : {}),
        })),
        recused: [...review.recused].sort(),
        conditions: conditions.length,
        openMustFix: outcome.startsWith("approved")
          ? review.findings.filter((f) => f.severity === "must_fix" && f.status !== "verified" && !closed.has(f.ref))
              .length
          : 0,
      },
    ],
  };
}

function onFinding(
  cast: Cast,
  review: Review,
  actor: Actor,
  step: Of<"accept_finding" | "resolve_finding" | "verify_finding" | "reopen_finding">,
): Told {
  const finding = review.findings.find((f) => f.ref === step.finding);
  if (!finding) return refuse("not_found", `There is no finding ${step.finding}.`);
  const subject: FindingSubject = {
    ...finding,
    id: finding.ref,
    unitId: cast.unitId,
    ownerId: review.owner,
    partyIds: review.parties,
    recusedIds: review.recused,
  };
  const [verdict, set] = {
    accept_finding: [mayAcceptFinding(actor, subject), { status: "accepted" }],
    resolve_finding: [mayResolveFinding(actor, subject), { status: "resolved", resolvedBy: actor.id }],
    verify_finding: [mayVerifyFinding(actor, subject), { status: "verified" }],
    reopen_finding: [mayVerifyFinding(actor, subject), { status: "open", resolvedBy: null }],
  }[step.do] as [Verdict, Partial<Finding>];
  if (!verdict.ok) return refuse(verdict.code, verdict.reason);
  return {
    ok: true,
    next: { ...review, findings: review.findings.map((f) => (f === finding ? { ...f, ...set } : f)) },
  };
}

function onCondition(
  cast: Cast,
  review: Review,
  actor: Actor,
  step: Of<"answer_condition" | "accept_answer" | "return_answer">,
): Told {
  const condition = review.conditions.find((c) => c.ref === step.condition);
  if (!condition) return refuse("not_found", `There is no condition ${step.condition}.`);
  const subject: ConditionSubject = {
    ...condition,
    id: condition.ref,
    unitId: cast.unitId,
    ownerId: review.owner,
    partyIds: review.parties,
  };
  const verdict = step.do === "answer_condition" ? mayAnswerCondition(actor, subject) : mayJudgeAnswer(actor, subject);
  if (!verdict.ok) return refuse(verdict.code, verdict.reason);
  const set: Partial<Condition> = {
    answer_condition: { status: "answered" as const, answeredBy: actor.id },
    accept_answer: { status: "closed" as const },
    return_answer: { status: "open" as const },
  }[step.do];
  const closes = step.do === "accept_answer" ? condition.closes : null;
  return {
    ok: true,
    next: {
      ...review,
      conditions: review.conditions.map((c) => (c === condition ? { ...c, ...set } : c)),
      findings: review.findings.map((f) =>
        f.ref === closes ? { ...f, status: "verified", resolvedBy: condition.answeredBy } : f,
      ),
    },
  };
}
