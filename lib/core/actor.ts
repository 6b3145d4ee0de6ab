import { type Right, type Role, rightsOf } from "./rights";

/** A role held everywhere (unit null) or in one business unit and everything below it. */
export type Grant = { role: Role; units: readonly string[] | null };

/** Whoever asks: a person, a token's service or agent, a connector at work, or the portal itself. None is exempt from rules. */
export type Actor = {
  kind: "person" | "service" | "agent" | "connector" | "system";
  /** Person, token or connection id; "system" for the portal. */
  id: string;
  name: string;
  grants: readonly Grant[];
  /** Rights a token is limited to; null for all rights of its roles. */
  scopes: readonly string[] | null;
};

const everything: readonly Right[] = [
  "inventory:write",
  "deployments:report",
  "facts:push",
  "reviews:decide",
  "gate:check",
];

/** The portal acting on its own rules: scheduled jobs, automatic lanes. */
export const systemActor: Actor = { kind: "system", id: "system", name: "Countersign", grants: [], scopes: null };

/** A connector writing what it read from its system. */
export const connectorActor = (connection: { id: string; name: string }): Actor => ({
  kind: "connector",
  id: connection.id,
  name: connection.name,
  grants: [],
  scopes: null,
});

/** Whether the actor holds a right; with a unit, whether it reaches that unit (null: a subject that belongs to no unit yet). */
export function holds(actor: Actor, right: Right, unitId?: string | null): boolean {
  if (actor.kind === "system" || actor.kind === "connector") return everything.includes(right);
  if (actor.scopes && !actor.scopes.includes(right)) return false;
  return actor.grants.some(
    (grant) =>
      rightsOf[grant.role].includes(right) &&
      (unitId === undefined || unitId === null || grant.units === null || grant.units.includes(unitId)),
  );
}

/** Whether the actor holds a role anywhere. */
export const hasRole = (actor: Actor, role: Role): boolean => actor.grants.some((grant) => grant.role === role);
