import { type Column, type SQL, sql } from "drizzle-orm";
import type { Actor } from "./actor";
import { reach } from "./reach";
import { type Right, type Role, rightsOf, roles } from "./rights";

/**
 * The condition that keeps rows to what an actor may read: those of the business units that one of the rights reaches, and those
 * that belong to no unit yet, which are everyone's who holds it; the portal itself reads everything. This file is the only place where the rule is written in SQL.
 */
export function inReach(actor: Actor, right: Right | readonly Right[], unit: SQL | Column): SQL {
  if (actor.kind === "system" || actor.kind === "connector") return sql`true`;
  const reached = (typeof right === "string" ? [right] : right).map((one) => reach(actor, one));
  if (reached.includes(null)) return sql`true`;
  const units = reached.flatMap((r) => r ?? []);
  return units.length > 0 ? sql`(${unit} is null or ${unit} = any(${`{${units.join(",")}}`}::uuid[]))` : sql`false`;
}

/** The roles that hold a right, as PostgreSQL reads a list. */
export const rolesWith = (right: Right): string => roleList(roles.filter((role) => rightsOf[role].includes(right)));
export const roleList = (held: readonly Role[]): string => `{${held.join(",")}}`;

/** Each unit with those it lies in, itself among them; `reachesUnit` reads it. */
export const unitsAbove = sql`above (unit, lies_in) as (
  select id, id from business_unit union select a.unit, b.parent_id from above a join business_unit b on b.id = a.lies_in where b.parent_id is not null)`;

/** The same rule for many people at once: whether a grant `g` reaches a unit. Needs `with recursive unitsAbove` before it. */
export const reachesUnit = (unit: SQL): SQL =>
  sql`(g.business_unit_id is null or ${unit} is null or g.business_unit_id in (select lies_in from above where above.unit = ${unit}))`;
