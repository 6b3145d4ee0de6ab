import type { Actor } from "./actor";
import { holds } from "./actor";
import { type Right, rightsOf } from "./rights";

/** The business units in which an actor holds a right: null means everywhere, an empty list nowhere. */
export function reach(actor: Actor, right: Right): readonly string[] | null {
  if (!holds(actor, right)) return [];
  if (actor.kind === "system" || actor.kind === "connector") return null;
  const grants = actor.grants.filter((grant) => rightsOf[grant.role].includes(right));
  if (grants.some((grant) => grant.units === null)) return null;
  return [...new Set(grants.flatMap((grant) => grant.units ?? []))];
}
