import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { rightsOf } from "@/lib/core/rights";

/**
 * The business units whose models the actor may read: null for all. Models that belong to no unit yet are seen by everyone who
 * may read the inventory, because whoever owns them is among those people. Throws `forbidden` without the right.
 */
export function visibleUnits(actor: Actor): readonly string[] | null {
  if (actor.kind === "system" || actor.kind === "connector") return null;
  if (!holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "Reading the inventory needs a role here. Ask an administrator for one.");
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
