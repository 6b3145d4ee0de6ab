import "server-only";
import type { SQL } from "drizzle-orm";
import { models } from "@/db/schema/models";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { reach } from "@/lib/core/reach";
import { insist, no } from "@/lib/core/refusal";

/**
 * The business units whose releases the actor may read, and what the gate says of them: null for all. Both readers of releases
 * and pipelines that ask the gate see them. Throws `forbidden` without either right.
 */
function releaseUnits(actor: Actor): readonly string[] | null {
  if (actor.kind === "system" || actor.kind === "connector") return null;
  if (!holds(actor, "releases:read") && !holds(actor, "gate:check"))
    insist(no("forbidden", "Reading releases needs a role here. Ask an administrator for one."));
  const [readers, pipelines] = [reach(actor, "releases:read"), reach(actor, "gate:check")];
  return readers === null || pipelines === null ? null : [...readers, ...pipelines];
}

/** The condition on `model` that keeps a list to what the actor may see. */
export function seenReleases(actor: Actor): SQL {
  releaseUnits(actor);
  return inReach(actor, ["releases:read", "gate:check"], models.businessUnitId);
}

/** Whether the actor may see releases of this unit's models. */
export function seesRelease(actor: Actor, unitId: string | null): boolean {
  const units = releaseUnits(actor);
  return units === null || unitId === null || units.includes(unitId);
}
