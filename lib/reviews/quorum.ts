import type { Role } from "@/lib/core/rights";
import { type Choice, type Lane, type Outcome, type Seat, seatName, seats } from "./review";

const seatOfRole: { [role in Role]?: Seat } = {
  board_chair: "chair",
  model_risk: "model_risk",
  security: "security",
  privacy: "privacy",
  compliance: "compliance",
  architect: "architecture",
  board_member: "operations",
};

/** The one seat a person sits in: of several roles, the first in the order of `seats`. Null: no seat. */
export function seatOf(roles: readonly Role[]): Seat | null {
  const held = roles.flatMap((role) => seatOfRole[role] ?? []);
  return seats.find((seat) => held.includes(seat)) ?? null;
}

export const rolesWithSeat = Object.keys(seatOfRole) as Role[];

type Named = { personId: string; name: string };
/** `for`: the member in whose seat a delegate voted. */
export type Ballot = Named & { seat: Seat; choice: Choice; for?: Named | undefined };
/**
 * Someone who can sit in a seat for this review: not recused, not a party to it. `standsFor`: a delegate, in that member's seat.
 */
export type Member = Named & { seat: Seat; standsFor?: Named | undefined };
/** A delegate who cannot take the seat in this review, and the sentence that says why. */
export type Idle = { personId: string; why: string };
/** Who stands in for whom today. */
export type Delegation = { memberId: string; delegateId: string; delegateName: string };

/** Where the votes stand. `lacks` names what is missing, in words, with the people who could give it. */
export type Tally = {
  /** Seats that count, seats needed, seats that voted. */
  base: number;
  needed: number;
  present: number;
  quorate: boolean;
  lacks: string[];
  for: number;
  forWithConditions: number;
  against: number;
  abstained: number;
  /** Seats that hold a veto here and used it. */
  vetoes: Seat[];
};

type Position = Choice | "split";

/** A seat speaks with one voice; members of one seat who differ leave it split, which carries nothing. */
function positions(ballots: readonly Ballot[]): Map<Seat, Position> {
  const out = new Map<Seat, Position>();
  for (const ballot of ballots) {
    const before = out.get(ballot.seat);
    out.set(ballot.seat, before === undefined || before === ballot.choice ? ballot.choice : "split");
  }
  return out;
}

/**
 * The board of one review: holders of seats who are free of it, and their delegates. A delegate acts in the member's name, so a
 * member who stands aside has none; a delegate with a seat of their own votes in that one, and nobody counts twice.
 */
export function seated(
  all: readonly Member[],
  delegations: readonly Delegation[],
  aside: ReadonlySet<string>,
): { members: Member[]; idle: Idle[] } {
  const members = all.filter((m) => !aside.has(m.personId));
  const idle: Idle[] = [];
  for (const { memberId, delegateId, delegateName } of delegations) {
    const member = all.find((m) => m.personId === memberId);
    if (!member || all.some((m) => m.personId === delegateId)) continue;
    const standsFor = { personId: memberId, name: member.name };
    const why = aside.has(memberId)
      ? `You stand in for ${member.name}, who is recused from this review or has a stake in it, so that seat does not count here.`
      : aside.has(delegateId)
        ? `You stand in for ${member.name}, but you are recused from this review or have a stake in it, so you cannot vote on it.`
        : null;
    if (why) idle.push({ personId: delegateId, why });
    else members.push({ personId: delegateId, name: delegateName, seat: member.seat, standsFor });
  }
  return { members, idle };
}

/** The ballots that count: of holders of seats who are free of the review, cast by themselves or for them by a delegate. */
export function counted<B extends Ballot>(members: readonly Member[], ballots: readonly B[]): B[] {
  const holders = new Set(members.filter((m) => !m.standsFor).map((m) => m.personId));
  return ballots.filter((b) => holders.has((b.for ?? b).personId));
}

/** Seats without which the board decides nothing, and those whose rejection stops a tier 1 model. */
export const mandatory = (tier: number | null): Seat[] =>
  tier === 1 ? ["chair", "security", "model_risk"] : ["chair", "security"];
export const vetoSeats = ["model_risk", "security"] as const satisfies readonly Seat[];

/**
 * Counts votes by seat (governance.md section 6.4). The base is every seat that someone could take; recused people and
 * parties leave it. Silence is not yes: a seat that did not vote is not present.
 */
export function tally(lane: Lane, tier: number | null, members: readonly Member[], ballots: readonly Ballot[]): Tally {
  const valid = counted(members, ballots);
  const held = positions(valid);
  const base = new Set(members.map((m) => m.seat)).size;
  const at = (choice: Position) => [...held.values()].filter((p) => p === choice).length;
  const lacks = lane === "full_board" ? boardLacks(tier, members, held, base) : pairLacks(lane, valid);
  const needed =
    lane === "full_board" ? Math.max(Math.ceil(base / 2), mandatory(tier).length) : lane === "self_service" ? 0 : 2;
  return {
    base,
    needed,
    present: lane === "full_board" ? held.size : new Set(valid.map((b) => b.personId)).size,
    quorate: lacks.length === 0,
    lacks,
    for: at("approve"),
    forWithConditions: at("approve_with_conditions"),
    against: at("reject"),
    abstained: at("abstain") + at("split"),
    vetoes: tier === 1 ? vetoSeats.filter((seat) => valid.some((b) => b.seat === seat && b.choice === "reject")) : [],
  };
}

function boardLacks(
  tier: number | null,
  members: readonly Member[],
  held: ReadonlyMap<Seat, Position>,
  base: number,
): string[] {
  const out: string[] = [];
  for (const seat of mandatory(tier)) {
    if (held.has(seat)) continue;
    const who = members.filter((m) => m.seat === seat).map((m) => m.name);
    out.push(
      who.length === 0
        ? `Nobody can take the ${seatName[seat].toLowerCase()} seat; an administrator must name a deputy.`
        : `The ${seatName[seat].toLowerCase()} seat has not voted; wait for ${list(who)}.`,
    );
  }
  const short = Math.ceil(base / 2) - held.size;
  if (short > 0) {
    const who = members.filter((m) => !held.has(m.seat)).map((m) => m.name);
    out.push(
      `Quorum: ${short === 1 ? "one more seat" : `${short} more seats`} of ${base} must vote; ${list(who)} can.`,
    );
  }
  return out;
}

const domain: readonly Seat[] = ["chair", "architecture", "operations"];

/** Fast track: one reviewer of the domain and one of security or risk. Emergency: any two people. */
function pairLacks(lane: Lane, ballots: readonly Ballot[]): string[] {
  if (lane === "self_service") return [];
  const voters = new Map(ballots.filter((b) => b.choice !== "abstain").map((b) => [b.personId, b.seat]));
  const out: string[] = [];
  if (lane === "fast_track") {
    const voted = [...voters.values()];
    if (!voted.some((seat) => domain.includes(seat)))
      out.push("A reviewer from architecture, operations or the chair must vote.");
    if (!voted.some((seat) => !domain.includes(seat)))
      out.push("A reviewer from security, privacy, compliance or model risk must vote.");
  } else if (voters.size < 2) out.push(`${voters.size === 0 ? "Two people" : "One more person"} must vote.`);
  return out;
}

const list = (names: readonly string[]) =>
  names.length > 3 ? `${names.slice(0, 3).join(", ")} or ${names.length - 3} others` : names.join(" or ");

/** Why an outcome cannot be recorded on these votes; empty when it can. A deferral decides nothing and needs no votes. */
export function outcomeLacks(outcome: Outcome, tally: Tally, conditions: number): string[] {
  if (outcome === "deferred") return [];
  const out = [...tally.lacks];
  const present = tally.for + tally.forWithConditions + tally.against + tally.abstained;
  const agreeing = outcome === "approved" ? tally.for : tally.for + tally.forWithConditions;
  const carried = agreeing * 2 > present;
  if (outcome === "rejected") {
    if (tally.vetoes.length === 0 && (tally.for + tally.forWithConditions) * 2 > present)
      out.push(
        "The votes carry an approval; a rejection needs at least half of the seats present against or undecided.",
      );
    return out;
  }
  for (const seat of tally.vetoes)
    out.push(`${seatName[seat]} rejects, and holds a veto for tier 1. Resolve the objection or escalate.`);
  if (present > 0 && !carried)
    out.push(
      outcome === "approved" && (tally.for + tally.forWithConditions) * 2 > present
        ? "A majority agrees only with conditions; record “with conditions”."
        : "Fewer than half of the seats present agree; a tie fails.",
    );
  if (outcome === "approved_with_conditions" && conditions === 0)
    out.push("Add at least one condition, or approve without.");
  return out;
}
