import { type Actor, holds } from "@/lib/core/actor";
import { insist, no, type Verdict, yes } from "@/lib/core/refusal";
import { rightsOf } from "@/lib/core/rights";

/** Whether the actor may read the inventory at all. */
export const mayRead = (actor: Actor): Verdict =>
  actor.kind === "system" || actor.kind === "connector" || holds(actor, "inventory:read")
    ? yes
    : no("forbidden", "Reading the inventory needs a role here. Ask an administrator for one.");

/**
 * The business units whose models the actor may read: null for all. Models that belong to no unit yet are seen by everyone who
 * may read the inventory, because whoever owns them is among those people. Throws `forbidden` without the right.
 */
export function visibleUnits(actor: Actor): readonly string[] | null {
  if (actor.kind === "system" || actor.kind === "connector") return null;
  insist(mayRead(actor));
  const units: string[] = [];
  for (const grant of actor.grants) {
    if (!rightsOf[grant.role].includes("inventory:read")) continue;
    if (grant.units === null) return null;
    units.push(...grant.units);
  }
  return units;
}

/** Whether a model of this unit is among them. */
export function sees(actor: Actor, unitId: string | null): boolean {
  const units = visibleUnits(actor);
  return units === null || unitId === null || units.includes(unitId);
}
