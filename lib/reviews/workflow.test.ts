import { describe, expect, test } from "vitest";
import { type Actor, systemActor } from "@/lib/core/actor";
import { random } from "@/lib/core/random";
import { boardCast } from "@/lib/testing/board";
import { breaches } from "@/lib/testing/workflow/invariants";
import { type Cast, drafted, membersAmong, type Review } from "@/lib/testing/workflow/state";
import { attempt, type Step } from "@/lib/testing/workflow/steps";
import { anyStep } from "@/lib/testing/workflow/walk";
import { lanes, type ReviewStatus, reviewStatuses } from "./review";

const people = Object.entries(boardCast).map(
  ([name, roles]): Actor => ({
    kind: "person",
    id: name,
    name,
    grants: roles.map((role) => ({ role, units: null })),
    scopes: null,
  }),
);
const agent: Actor = {
  kind: "agent",
  id: "agent",
  name: "agent",
  grants: [{ role: "agent", units: null }],
  scopes: null,
};
const actors = new Map([...people, agent, systemActor].map((a) => [a.name === "Countersign" ? "system" : a.name, a]));
// The viewer takes the seat of privacy.
const cast: Cast = {
  unitId: "unit",
  actors,
  members: membersAmong(people),
  delegations: [{ memberId: "privacy", delegateId: "viewer", delegateName: "viewer" }],
};
const now = new Date("2026-03-02T09:00:00Z");
const board = ["chair", "deputy", "security", "security2", "privacy", "risk", "operations"] as const;

/**
 * Who may do what in which state, and where it leads. In this review the architect has a stake beside the owner, and compliance
 * is recused; everyone who is not named is refused in every state, and so is everyone in every state that is not named.
 */
const table: Readonly<
  Record<string, { step: Step; in: readonly ReviewStatus[]; who: readonly string[]; to: ReviewStatus | null }>
> = {
  save: { step: { do: "save" }, in: ["draft", "changes_requested", "deferred"], who: ["owner"], to: null },
  submit: { step: { do: "submit" }, in: ["draft", "changes_requested", "deferred"], who: ["owner"], to: "in_review" },
  withdraw: {
    step: { do: "withdraw" },
    in: ["draft", "in_review", "changes_requested", "deferred"],
    who: ["owner"],
    to: "withdrawn",
  },
  comment: {
    step: { do: "comment" },
    in: reviewStatuses.filter((s) => s !== "withdrawn"),
    who: ["owner", "architect", ...board],
    to: null,
  },
  "ask for changes": {
    step: { do: "request_changes", round: 1 },
    in: ["in_review"],
    who: board,
    to: "changes_requested",
  },
  "raise the lane": { step: { do: "change_lane", lane: "full_board", reason: false }, in: [], who: [], to: null },
  "lower the lane, with a reason": {
    step: { do: "change_lane", lane: "fast_track", reason: true },
    in: ["in_review"],
    who: board,
    to: null,
  },
  "lower the lane, without": {
    step: { do: "change_lane", lane: "fast_track", reason: false },
    in: [],
    who: [],
    to: null,
  },
  "be recused": {
    step: { do: "recuse" },
    in: ["draft", "in_review", "changes_requested", "deferred"],
    who: ["architect", ...board, "viewer"],
    to: null,
  },
  approve: {
    step: { do: "vote", round: 1, choice: "approve", reason: false },
    in: ["in_review"],
    who: board,
    to: null,
  },
  "reject without a reason": {
    step: { do: "vote", round: 1, choice: "reject", reason: false },
    in: [],
    who: [],
    to: null,
  },
  "approve another round": {
    step: { do: "vote", round: 2, choice: "approve", reason: false },
    in: [],
    who: [],
    to: null,
  },
  "open the vote": {
    step: { do: "open_vote", round: 1, hours: 24 },
    in: ["in_review"],
    who: ["chair", "deputy"],
    to: null,
  },
  "decide: approved": {
    step: { do: "decide", round: 1, outcome: "approved", until: false, conditions: [] },
    in: ["in_review"],
    who: ["chair", "deputy"],
    to: "approved",
  },
  "decide: with conditions": {
    step: {
      do: "decide",
      round: 1,
      outcome: "approved_with_conditions",
      until: false,
      conditions: [{ ref: "CON-1", closes: null }],
    },
    in: ["in_review"],
    who: ["chair", "deputy"],
    to: "approved_with_conditions",
  },
  "decide: deferred": {
    step: { do: "decide", round: 1, outcome: "deferred", until: true, conditions: [] },
    in: ["in_review"],
    who: ["chair", "deputy"],
    to: "deferred",
  },
  "decide: rejected against the votes": {
    step: { do: "decide", round: 1, outcome: "rejected", until: false, conditions: [] },
    in: [],
    who: [],
    to: null,
  },
  "decide by rule": { step: { do: "decide_by_rule" }, in: [], who: [], to: null },
  "raise a finding": {
    step: { do: "raise_finding", round: 1, severity: "must_fix", ref: "FND-1" },
    in: ["in_review"],
    who: board,
    to: null,
  },
};

const over: readonly ReviewStatus[] = ["approved", "approved_with_conditions", "rejected", "withdrawn"];

/** A review of tier 1 before the full board, in a state, with enough votes to approve where votes can be. */
function inState(status: ReviewStatus): Review {
  const votes = ["chair", "security", "privacy", "risk", "operations"].map((name) => {
    const member = cast.members.find((m) => m.personId === name);
    if (!member) throw new Error(`${name} has no seat`);
    return { ...member, choice: "approve" as const };
  });
  const submitted = status !== "draft";
  return {
    ...drafted("REV-1", { tier: 1, triaged: "full_board", owner: "owner", backup: "architect" }),
    status,
    lane: submitted ? "full_board" : null,
    recused: ["compliance"],
    ballots: submitted ? votes : [],
    submittedAt: submitted ? now : null,
  };
}

describe("every state, action and role", () => {
  const refusals = new Map<string, Set<string>>();
  for (const [action, { step, in: states, who, to }] of Object.entries(table)) {
    test(action, () => {
      for (const status of reviewStatuses) {
        for (const [name, actor] of actors) {
          const review = inState(status);
          const told = attempt(cast, review, actor, step, now);
          const cell = `${name} in ${status}`;
          const may = states.includes(status) && who.includes(name);
          expect(told.ok ? "allowed" : "refused", cell).toBe(may ? "allowed" : "refused");
          if (told.ok) expect(told.next.status, cell).toBe(to ?? status);
          else {
            expect(told.reason, cell).toMatch(/^\S.*\.$/);
            refusals.set(action, (refusals.get(action) ?? new Set()).add(told.reason));
          }
        }
      }
    });
  }

  test("refusals speak: each of these sentences, and no other", () => {
    expect(Object.fromEntries([...refusals].map(([action, said]) => [action, [...said].sort()]))).toMatchSnapshot();
  });
});

test("a walk of 100,000 steps by twelve people, an agent and the portal keeps what must always hold", () => {
  const rng = random(20_261_122);
  let n = 0;
  const ref = (kind: string) => `${kind.toUpperCase()}-${++n}`;
  const fresh = (): Review =>
    drafted(ref("rev"), {
      tier: 1 + Math.floor(rng() * 4),
      triaged: lanes[Math.floor(rng() * lanes.length)] ?? "full_board",
      owner: "owner",
      ...(rng() < 0.3 ? { backup: ["chair", "security", "architect", "risk"][Math.floor(rng() * 4)] ?? "chair" } : {}),
    });
  const open: Review[] = Array.from({ length: 12 }, fresh);
  const seen = { allowed: 0, refused: 0, decided: new Map<string, number>() };
  let at = now.getTime();
  for (let step = 0; step < 100_000; step++) {
    at += Math.floor(rng() * 30) * 60_000;
    const place = Math.floor(rng() * open.length);
    const met = open[place];
    // A review that is over is walked on for a while: nothing more may happen to it but to its conditions.
    const review = !met || (over.includes(met.status) && rng() < 0.06) ? fresh() : met;
    open[place] = review;
    const { actor, step: tried } = anyStep(cast, review, rng, ref);
    const before = JSON.stringify(review);
    const told = attempt(cast, review, actor, tried, new Date(at));
    expect(JSON.stringify(review), `${tried.do} changed what it was given`).toBe(before);
    if (!told.ok) {
      seen.refused++;
      continue;
    }
    seen.allowed++;
    const wrong = breaches(cast, told.next, new Date(at));
    expect(wrong, `step ${step}: ${actor.name} ${JSON.stringify(tried)}`).toEqual([]);
    open[place] = told.next;
    if (told.next.decisions.length > review.decisions.length) {
      const outcome = `${told.next.lane}: ${told.next.decisions.at(-1)?.outcome}`;
      seen.decided.set(outcome, (seen.decided.get(outcome) ?? 0) + 1);
    }
  }
  // A walk that never comes anywhere proves nothing.
  expect(seen.allowed).toBeGreaterThan(20_000);
  expect(seen.refused).toBeGreaterThan(20_000);
  for (const lane of ["fast_track", "full_board", "emergency"])
    for (const outcome of ["approved", "approved_with_conditions", "deferred", "rejected"])
      expect(seen.decided.get(`${lane}: ${outcome}`) ?? 0, `${lane}: ${outcome}`).toBeGreaterThan(20);

  expect(seen.decided.get("self_service: approved") ?? 0).toBeGreaterThan(20);
});
