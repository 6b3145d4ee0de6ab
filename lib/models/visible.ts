import { type SQL, sql } from "drizzle-orm";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { reach } from "@/lib/core/reach";
import { insist, no, type Verdict, yes } from "@/lib/core/refusal";

/** Whether the actor may read the inventory at all. */
export const mayRead = (actor: Actor): Verdict =>
  actor.kind === "system" || actor.kind === "connector" || holds(actor, "inventory:read")
    ? yes
    : no("forbidden", "Reading the inventory needs a role here. Ask an administrator for one.");

/**
 * The condition on the model `m` of a row that keeps it to what the actor may read. Models that belong to no unit yet are seen by
 * everyone who may read the inventory, because whoever owns them is among those people. Throws `forbidden` without the right.
 */
export function seenModels(actor: Actor, unit: SQL = sql`m.business_unit_id`): SQL {
  insist(mayRead(actor));
  return inReach(actor, "inventory:read", unit);
}

/** Whether a model of this unit is among them. */
export function sees(actor: Actor, unitId: string | null): boolean {
  insist(mayRead(actor));
  if (unitId === null || actor.kind === "system" || actor.kind === "connector") return true;
  const units = reach(actor, "inventory:read");
  return units === null || units.includes(unitId);
}
