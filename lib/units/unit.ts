import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** A short name for addresses: lower case letters, digits and hyphens. */
export const slug = z
  .string()
  .max(60, "Use at most 60 characters.")
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower case letters, digits and single hyphens, like card-risk.");

export const createUnitInput = z.strictObject({
  slug,
  name: z.string().trim().min(1, "Name the business unit.").max(120, "Use at most 120 characters."),
  /** Id or slug of the unit above; left out for the top. */
  parent: z.string().max(60).optional(),
});

export const renameUnitInput = z.strictObject({
  unit: z.string().max(60),
  name: z.string().trim().min(1, "Name the business unit.").max(120, "Use at most 120 characters."),
});

export const moveUnitInput = z.strictObject({
  unit: z.string().max(60),
  /** Id or slug of the unit that it shall stand below; null or left out for the top. */
  parent: z.string().max(60).nullable().optional(),
});

/** Who shapes the organisation: administrators, and the portal itself when it sets up. */
export function mayManageOrganisation(actor: Actor): Verdict {
  if (actor.kind === "system" || holds(actor, "people:manage")) return yes;
  return no("forbidden", "Only an administrator changes people, roles and business units.");
}

/** A node of the tree as lists show it; `depth` is 0 at the top. */
export type Unit = { id: string; slug: string; name: string; parentId: string | null; depth: number; path: string };
