import { pick } from "@/lib/core/random";
import type { Role } from "@/lib/core/rights";
import { day, type GateEvent } from "./events";

const hour = 3_600_000;
const people: readonly [string, ...string[]] = ["priya", "noor", "milan", "ingrid", "sofia", "mara"];
/** Two roles each at most, so that a person could take one place or another. */
const rolesOf: Readonly<Record<string, readonly [Role, ...Role[]]>> = {
  priya: ["contributor"],
  noor: ["security", "privacy"],
  milan: ["architect", "contributor"],
  ingrid: ["board_chair", "security"],
  sofia: ["privacy"],
  mara: ["model_risk"],
};
const digests: readonly [string, ...string[]] = ["a".repeat(64), "b".repeat(64)];

type Kind = GateEvent["kind"];
/** How often each kind comes: signatures often, so that the gate opens; what takes it away often enough to close it again. */
const weights: Readonly<Record<Kind, number>> = {
  measured: 3,
  tiered: 3,
  classified: 1,
  claimed: 3,
  trained: 2,
  policy_adopted: 2,
  decided: 4,
  recorded: 2,
  assessed: 5,
  forgotten: 1,
  conditioned: 4,
  requested: 8,
  refreshed: 6,
  withdrawn: 1,
  signed: 34,
  taken_back: 3,
  frozen: 2,
  lifted: 2,
  exempted: 2,
  broken: 5,
  closed_again: 1,
  time_passed: 4,
};
const bag = (Object.keys(weights) as Kind[]).flatMap((kind) => Array<Kind>(weights[kind]).fill(kind)) as [
  Kind,
  ...Kind[],
];

/** A model as it mostly is when a release is asked for: measured, tiered, owned, decided, assessed. */
export function start(rng: () => number, at: number): GateEvent[] {
  return (["measured", "tiered", "claimed", "decided", "assessed", "requested"] as const)
    .filter(() => rng() < 0.9)
    .map((kind) => eventOf(kind, rng, at));
}

export const next = (rng: () => number, at: number): GateEvent => eventOf(pick(rng, bag), rng, at);

/** Mostly an hour or so; now and then weeks, in which signatures and decisions run out. */
export const pause = (rng: () => number): number =>
  rng() < 0.06 ? Math.floor(rng() * 40) * day : Math.floor(rng() * 3 * hour);

function eventOf(kind: Kind, rng: () => number, at: number): GateEvent {
  const often = (share: number) => rng() < share;
  switch (kind) {
    case "measured":
      return { at, kind, digest: often(0.1) ? null : pick(rng, digests) };
    case "tiered":
      return { at, kind, tier: often(0.05) ? null : pick(rng, [1, 2, 3, 4]) };
    case "classified":
      return { at, kind, prohibited: often(0.3) };
    case "claimed":
      return { at, kind, owner: often(0.1) ? "" : pick(rng, people) };
    case "trained":
      return { at, kind, by: often(0.3) ? null : pick(rng, people) };
    case "policy_adopted":
      return { at, kind, policy: pick(rng, [0, 0, 1]) };
    case "decided":
      return {
        at,
        kind,
        digest: pick(rng, digests),
        outcome: pick(rng, ["approved", "approved", "approved_with_conditions", "rejected"]),
        endsAt: at + Math.floor(rng() * 120) * day,
      };
    case "recorded":
      return { at, kind, digest: pick(rng, digests) };
    case "assessed":
      return { at, kind, fail: often(0.15) ? 1 : 0, unknown: often(0.2) ? 2 : 0 };
    case "conditioned":
      return { at, kind, openBeforeRelease: often(0.2) ? 1 : 0, maxDaysOverdue: pick(rng, [0, 0, 0, 30, 31]) };
    case "requested":
      return { at, kind, by: pick(rng, people) };
    case "signed": {
      const by = pick(rng, people);
      return {
        at,
        kind,
        by,
        role: pick(rng, rolesOf[by] ?? ["contributor"]),
        decision: often(0.03) ? "REJECT" : "APPROVE",
        key: often(0.05) ? "software" : "passkey",
        until: at + pick(rng, [30, 60, 90]) * day,
      };
    }
    case "taken_back":
      return { at, kind, by: pick(rng, people) };
    case "frozen":
      return { at, kind, from: at + pick(rng, [0, 0, 5]) * day, until: at + pick(rng, [6, 10, 40]) * day };
    case "broken":
      return {
        at,
        kind,
        by: pick(rng, people),
        confirmedBy: pick(rng, people),
        key: often(0.1) ? "software" : "passkey",
        until: at + pick(rng, [1, 4, 12]) * hour,
      };
    case "forgotten":
    case "refreshed":
    case "withdrawn":
    case "lifted":
    case "exempted":
    case "closed_again":
    case "time_passed":
      return { at, kind };
  }
}
