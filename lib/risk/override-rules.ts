import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import type { Floor } from "./tier";

/** Governance, section 2: an override runs out after twelve months. */
export const overrideLongestDays = 366;

const name = z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters.");

export const OverrideTier = z.strictObject({
  name,
  tier: whole(z.number().int().min(1, "Tier 1 to 4.").max(4, "Tier 1 to 4.")),
  reason: z.string().trim().min(20, "Say why in at least 20 characters.").max(2000, "At most 2000 characters."),
  /** The day on which it ends. */
  expiresOn: day("The day on which it ends, such as 2027-05-20."),
});

/** What may have changed so that a tier has to be scored again (governance.md section 2); age is noticed by itself. */
export const rescoreTriggers = [
  "purpose",
  "population",
  "data class",
  "autonomy",
  "model family",
  "supplier",
  "incident",
  "law",
] as const;

export const AskRescore = z.strictObject({
  name,
  trigger: z.enum(rescoreTriggers, "Choose what changed."),
  note: z.string().trim().min(10, "Say what changed in at least 10 characters.").max(1000, "At most 1000 characters."),
});

type Subject = {
  name: string;
  businessUnitId: string | null;
  ownerId: string | null;
  backupOwnerId: string | null;
  answeredBy: string | null;
};

const secondLine = "Overriding a tier needs the role model risk, the second line.";

/** The second line, and nobody who owns the model or gave the answers. */
export function mayOverride(actor: Actor, model: Subject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people override a tier.");
  if (!holds(actor, "risk:override", model.businessUnitId)) return no("forbidden", secondLine);
  if ([model.ownerId, model.backupOwnerId, model.answeredBy].includes(actor.id))
    return no("forbidden", "You own the model or gave the answers. Someone else of the second line must decide.");
  return yes;
}

/** Whoever reviews, owns or keeps the inventory may say that something changed. */
export function mayAskRescore(actor: Actor, model: { businessUnitId: string | null }): Verdict {
  return ["risk:override", "risk:assess", "reviews:vote"].some((right) =>
    holds(actor, right as "risk:override", model.businessUnitId),
  )
    ? yes
    : no("forbidden", "Asking for a new score needs the role model owner, model risk or a reviewer's role.");
}

/** Adopting a version of the questionnaire moves tiers everywhere, so the role must reach everywhere. */
export function mayAdopt(actor: Actor): Verdict {
  return actor.kind === "person" && actor.grants.some((g) => g.role === "model_risk" && g.units === null)
    ? yes
    : no("forbidden", "Putting a version in force needs the role model risk for the whole organisation.");
}

/** Why a tier may not be set by hand; null when it may. One step down at most, never below a floor, stricter always. */
export function overrideFault(
  rated: { tier: number | null; blocked: boolean; floors: readonly Floor[] },
  to: number,
): string | null {
  if (rated.blocked || rated.tier === null)
    return "A prohibited use is blocked; it has no tier that could be overridden.";
  if (to === rated.tier) return `Is the tier that the answers give, ${rated.tier}.`;
  if (to > rated.tier + 1) return `One step down at most: tier ${rated.tier + 1}.`;
  const floor = rated.floors.find((f) => f.tier < to);
  return floor ? `No tier gets under this floor. ${floor.text}.` : null;
}
