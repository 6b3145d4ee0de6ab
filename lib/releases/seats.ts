import type { Role } from "@/lib/core/rights";
import type { Requirement } from "./policy";

/** Somebody with the roles in which they sign, or may sign. */
export type Seatable = { id: string; roles: readonly Role[] };
export type Needs = Pick<Requirement, "roles" | "count">;

/** Who sits where, by requirement in the order given; a person has one seat at most. */
export type Seating = {
  seated: readonly (readonly string[])[];
  /** All requirements have as many people as they ask for. */
  full: boolean;
  /** For each requirement that lacks people, all those that compete with it for the same people, itself among them. */
  short: readonly { requirement: number; missing: number; among: readonly number[] }[];
};

/**
 * Seats people so that as many seats as possible are taken: a maximum bipartite matching of persons to seats, by augmenting paths
 * (Kuhn). Requirements are filled in their order, people taken in theirs, so the same input seats the same people.
 */
export function seat(requirements: readonly Needs[], people: readonly Seatable[]): Seating {
  const able = requirements.map((need) => people.filter((p) => p.roles.some((r) => need.roles.includes(r))));
  const seatOf = new Map<string, number>();

  /** Finds someone for the requirement, moving others to where they can sit too; `tried` are the people looked at on the way. */
  const place = (requirement: number, tried: Set<string>): boolean => {
    for (const { id } of able[requirement] ?? []) {
      if (tried.has(id)) continue;
      tried.add(id);
      const now = seatOf.get(id);
      if (now !== undefined && (now === requirement || !place(now, tried))) continue;
      seatOf.set(id, requirement);
      return true;
    }
    return false;
  };

  const short: { requirement: number; missing: number; among: number[] }[] = [];
  requirements.forEach((need, requirement) => {
    let taken = 0;
    while (taken < need.count && place(requirement, new Set())) taken++;
    if (taken < need.count) short.push({ requirement, missing: need.count - taken, among: [] });
  });
  for (const one of short) one.among = competing(one.requirement, able, seatOf);
  const seated = requirements.map((_, i) => people.filter((p) => seatOf.get(p.id) === i).map((p) => p.id));
  return { seated, full: short.length === 0, short };
}

/** The requirements reached from one that lacks people: by everybody who could sit there to where that person sits (Hall's set). */
function competing(
  from: number,
  able: readonly (readonly Seatable[])[],
  seatOf: ReadonlyMap<string, number>,
): number[] {
  const found = new Set([from]);
  for (const requirement of found)
    for (const { id } of able[requirement] ?? []) {
      const at = seatOf.get(id);
      if (at !== undefined) found.add(at);
    }
  return [...found].sort((a, b) => a - b);
}
