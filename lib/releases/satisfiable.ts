import { roles as allRoles, type Role, rightsOf, roleName } from "@/lib/core/rights";
import type { Requirement } from "./policy";
import { type Seating, seat } from "./seats";
import { listed } from "./words";

/** Somebody with the roles they hold in a business unit, there or from a unit above; `admin`: administrator anywhere. */
export type Candidate = { id: string; name: string; active: boolean; admin: boolean; roles: readonly Role[] };
type Named = { id: string; name: string };

/**
 * Whether the required signatures of one unit and tier can be had from real people: `pass` whoever asks; `depends` when some who may
 * ask would find nobody to sign; `blocked` when all would, or nobody may ask at all.
 */
export type Satisfiability = {
  state: "pass" | "depends" | "blocked";
  /** One sentence each; none for `pass`. */
  reasons: readonly string[];
  /** The signatures that nobody could give in the worst case. */
  missing: readonly { title: string; count: number }[];
  /** Whoever leaves the most seats empty by asking; null when nothing is left empty. */
  worst: { requester: string; trainer: string | null } | null;
  /** How many of those who may ask find nobody to sign, whoever trained the version; of how many. */
  stuck: number;
  requesters: number;
};

/** Whoever may sign at all: as `mayApprove` says, active people who are no administrators. A delegate votes and signs nothing. */
const maySign = (p: Candidate): boolean => p.active && !p.admin;
/** Whoever may ask for a release: as `mayRequest` says. */
const mayAsk = (p: Candidate): boolean => p.active && p.roles.some(asks);

/**
 * Proves that the requirements can be met by different people, none of them the requester or the trainer, for everybody who may ask
 * and each of the known trainers; or names the worst of them and why.
 */
export function satisfiable(
  requirements: readonly Requirement[],
  people: readonly Candidate[],
  askers: readonly Candidate[] = people,
  trainers: readonly Named[] = [],
): Satisfiability {
  const requesters = askers.filter(mayAsk);
  if (requesters.length === 0) return nobodyAsks(askers);
  const signers = people.filter(maySign);
  const without = seatings(requirements, signers);

  let stuck = 0;
  let worst: { requester: Named; trainer: Named | null; seating: Seating; empty: number } | null = null;
  for (const requester of requesters)
    for (const trainer of [null, ...trainers.filter((t) => t.id !== requester.id)]) {
      const seating = without(requester.id, trainer?.id ?? null);
      if (seating.full) continue;
      if (trainer === null) stuck++;
      const empty = seating.short.reduce((n, s) => n + s.missing, 0);
      if (!worst || empty > worst.empty) worst = { requester, trainer, seating, empty };
    }
  if (!worst) return { state: "pass", reasons: [], missing: [], worst: null, stuck, requesters: requesters.length };
  const { requester, trainer, seating } = worst;
  const reasons = seating.short.map((s) =>
    reason(
      s.among.flatMap((i) => requirements[i] ?? []),
      people,
      requester,
      trainer,
    ),
  );
  return {
    state: stuck === requesters.length ? "blocked" : "depends",
    reasons: [...new Set(reasons)],
    missing: seating.short.map((s) => ({ title: requirements[s.requirement]?.title ?? "", count: s.missing })),
    worst: { requester: requester.name, trainer: trainer?.name ?? null },
    stuck,
    requesters: requesters.length,
  };
}

/**
 * How people sit without a requester and a trainer. Whoever has no seat is not missed: as many seats are taken without them, so that
 * hardly any of the many pairs has to be seated anew.
 */
function seatings(requirements: readonly Requirement[], signers: readonly Candidate[]) {
  const known = new Map<string, Seating>();
  const seatWithout = (...out: string[]): Seating => {
    const key = out.join();
    const seating =
      known.get(key) ??
      seat(
        requirements,
        signers.filter((p) => !out.includes(p.id)),
      );
    known.set(key, seating);
    return seating;
  };
  const sits = (seating: Seating, id: string) => seating.seated.some((ids) => ids.includes(id));
  const everybody = seatWithout();
  return (requester: string, trainer: string | null): Seating => {
    if (sits(everybody, requester)) {
      const rest = seatWithout(requester);
      return trainer && sits(rest, trainer) ? seatWithout(requester, trainer) : rest;
    }
    if (!trainer || !sits(everybody, trainer)) return everybody;
    const rest = seatWithout(trainer);
    return sits(rest, requester) ? seatWithout(requester, trainer) : rest;
  };
}

const asks = (role: Role): boolean => rightsOf[role].includes("releases:request");
const askingRoles = allRoles.filter((r) => r !== "service" && asks(r));

function nobodyAsks(askers: readonly Candidate[]): Satisfiability {
  const holders = askers.filter((p) => p.roles.some(asks));
  const held = roleWords(askingRoles);
  return {
    state: "blocked",
    reasons: [
      holders.length === 0
        ? `Nobody can ask for a release: nobody holds ${held} here.`
        : `Nobody can ask for a release: everybody who holds ${held} here is inactive (${named(holders)}).`,
    ],
    missing: [],
    worst: null,
    stuck: 0,
    requesters: 0,
  };
}

/** Why these requirements together have too few people: the first that is so, from the plainest on. */
function reason(
  needs: readonly Requirement[],
  people: readonly Candidate[],
  requester: Named,
  trainer: Named | null,
): string {
  const roles = [...new Set(needs.flatMap((n) => n.roles))];
  const held = roleWords(roles);
  const titles = listed(needs.map((n) => n.title));
  const holders = people.filter((p) => p.roles.some((r) => roles.includes(r)));
  if (holders.length === 0) return `${titles}: nobody holds ${held} here.`;
  const active = holders.filter((p) => p.active);
  if (active.length === 0) return `${titles}: everybody who holds ${held} here is inactive (${named(holders)}).`;
  const able = active.filter(maySign);
  if (able.length === 0)
    return `${titles}: only administrators hold ${held} here (${named(active)}), and they take part in no decision.`;
  const barred = able.filter((p) => p.id === requester.id || p.id === trainer?.id);
  const left = able.filter((p) => !barred.includes(p));
  const where = listed(
    barred.map((p) => (p.id === requester.id ? `${p.name} asks for the release` : `${p.name} trained the version`)),
  );
  if (left.length === 0)
    return `${titles}: ${able.length === 1 ? `${named(able)} alone holds` : `only ${named(able)} hold`} ${held} here. Where ${where}, nobody else can sign.`;
  const count = needs.reduce((n, need) => n + need.count, 0);
  return `${titles}: ${count} different people with ${held} must sign, and only ${named(left)} can${where ? ` where ${where}` : ""}.`;
}

const roleWords = (roles: readonly Role[]): string =>
  roles.length === 1
    ? `the role ${roles.map((r) => roleName[r]).join()}`
    : `one of the roles ${listed(
        roles.map((r) => roleName[r]),
        "or",
      )}`;

const mostNamed = 3;

/** A few names, and how many more. */
function named(people: readonly Named[]): string {
  const names = people.slice(0, mostNamed).map((p) => p.name);
  const rest = people.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : listed(names);
}
