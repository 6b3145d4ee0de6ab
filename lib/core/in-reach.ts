import { type Column, type SQL, sql } from "drizzle-orm";
import type { Actor } from "./actor";
import { reach } from "./reach";
import type { Right } from "./rights";

/**
 * The condition that keeps rows to what an actor may read: those of the business units that one of the rights reaches, and those
 * that belong to no unit yet, which are everyone's who holds it; the portal itself reads everything. The only place where this rule is written in SQL.
 */
export function inReach(actor: Actor, right: Right | readonly Right[], unit: SQL | Column): SQL {
  if (actor.kind === "system" || actor.kind === "connector") return sql`true`;
  const reached = (typeof right === "string" ? [right] : right).map((one) => reach(actor, one));
  if (reached.includes(null)) return sql`true`;
  const units = reached.flatMap((r) => r ?? []);
  return units.length > 0 ? sql`(${unit} is null or ${unit} = any(${`{${units.join(",")}}`}::uuid[]))` : sql`false`;
}
