import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

const name = z.string().trim().min(2, "At least 2 characters.").max(120, "At most 120 characters.");
const unit = z.string().min(1, "Choose a business unit.").max(120);
const lead = z.string().min(3, "Name a person by e-mail address.").max(254);

export const teamInput = z.strictObject({ name, businessUnit: unit, lead: lead.optional() });

export const teamEdit = z.strictObject({
  /** Name or id. */
  team: z.string().min(1, "Name the team.").max(120),
  name: name.optional(),
  businessUnit: unit.optional(),
  lead: lead.nullable().optional(),
});

/** Whether the actor may make or change teams of a unit: administrators everywhere, architects where their role reaches. */
export function mayKeepTeams(actor: Actor, unitId: string | null): Verdict {
  if (holds(actor, "people:manage")) return yes;
  if (actor.kind === "system") return yes;
  return holds(actor, "decisions:accept", unitId) && holds(actor, "inventory:write", unitId)
    ? yes
    : no("forbidden", "Teams are kept by administrators, and by the architects of the business unit.");
}
