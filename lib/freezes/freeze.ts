import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { rightsOf } from "@/lib/core/rights";
import { day } from "@/lib/core/when";
import { localOf } from "@/lib/core/zone";
import { environment, releaseRef, several } from "@/lib/releases/release";

export const freezeStates = ["active", "upcoming", "over", "lifted"] as const;
export type FreezeState = (typeof freezeStates)[number];
export const freezeStateName: Record<FreezeState, string> = {
  active: "Frozen now",
  upcoming: "Coming",
  over: "Over",
  lifted: "Lifted",
};

/** A window is shorter than a quarter: what is longer is a rule, and belongs into the policy. */
export const longestDays = 92;

export const FreezeRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^FRZ-\d{1,9}$/i, "Use a reference like FRZ-0003.");
const clock = z
  .string()
  .max(5, "Give a local time such as 18:00.")
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a local time such as 18:00.");
const why = z
  .string("Say why.")
  .trim()
  .min(10, "Say why in at least 10 characters; it goes on record.")
  .max(2000, "At most 2,000 characters.");

export const DeclareFreeze = z.strictObject({
  environment: environment.exclude(["dev"], "A freeze is of staging or prod; the gate guards nothing else."),
  /** Short name of a unit, with those below it; left out: the whole organisation. */
  businessUnit: z.string().trim().min(1).max(120).optional(),
  /** Local days and times in the zone of the unit's working calendar. */
  fromDay: day(),
  fromTime: clock,
  untilDay: day(),
  untilTime: clock,
  reason: why,
});
export const LiftFreeze = z.strictObject({ ref: FreezeRef, reason: why });
export const ExemptRelease = z.strictObject({ ref: FreezeRef, release: releaseRef, reason: why });
export const FindFreezes = z.strictObject({
  state: several(z.enum(freezeStates)).optional(),
  environment: several(environment).optional(),
  after: FreezeRef.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The chair, security and model risk keep freezes; of the whole organisation only who holds the role everywhere. */
export function mayFreeze(actor: Actor, unitId: string | null): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person freezes releases and answers for it.");
  if (hasRole(actor, "admin"))
    return no("forbidden", "An administrator configures the portal and takes part in no decision.");
  if (!holds(actor, "releases:freeze", unitId))
    return no("forbidden", "The ARB chair, security or model risk keep freezes. Ask one of them.");
  const everywhere = actor.grants.some((g) => g.units === null && rightsOf[g.role].includes("releases:freeze"));
  return unitId === null && !everywhere
    ? no("forbidden", "Your role reaches some business units only; freeze one of those.")
    : yes;
}

type Window = { ref: string; businessUnitId: string | null; startsAt: Date; endsAt: Date; liftedAt: Date | null };

export const stateOfFreeze = (f: Omit<Window, "ref" | "businessUnitId">, now: Date): FreezeState =>
  f.liftedAt ? "lifted" : f.endsAt <= now ? "over" : f.startsAt <= now ? "active" : "upcoming";

export function mayLiftFreeze(actor: Actor, freeze: Window, now: Date): Verdict {
  const keeper = mayFreeze(actor, freeze.businessUnitId);
  if (!keeper.ok) return keeper;
  const state = stateOfFreeze(freeze, now);
  return state === "active" || state === "upcoming"
    ? yes
    : no("conflict", `${freeze.ref} is ${freezeStateName[state].toLowerCase()} already.`);
}

/** Somebody who keeps the freeze, and has no part in the release. */
export function mayExempt(
  actor: Actor,
  freeze: Window,
  release: {
    ref: string;
    status: string;
    businessUnitId: string | null;
    requestedBy: string;
    trainedById: string | null;
    ownerIds: readonly string[];
    covered: boolean;
  },
  now: Date,
): Verdict {
  // Whoever keeps the freezes of a unit may exempt there from the whole organisation's too.
  const everywhere = mayFreeze(actor, freeze.businessUnitId);
  const keeper = everywhere.ok ? everywhere : mayFreeze(actor, release.businessUnitId);
  if (!keeper.ok) return keeper;
  const state = stateOfFreeze(freeze, now);
  if (state === "over" || state === "lifted")
    return no(
      "conflict",
      `${freeze.ref} is ${freezeStateName[state].toLowerCase()} already; nothing stops ${release.ref}.`,
    );
  if (!release.covered) return no("conflict", `${freeze.ref} does not cover ${release.ref}; it needs no exemption.`);
  if (release.status !== "open" && release.status !== "allowed")
    return no("conflict", `${release.ref} is ${release.status}; request a new release first.`);
  if (actor.id === release.requestedBy || actor.id === release.trainedById || release.ownerIds.includes(actor.id))
    return no("forbidden", "You have a part in this release; someone else must exempt it.");
  return yes;
}

/** An instant as the clocks of a zone show it, in a sentence: "2026-12-24 18:00 (Europe/Oslo)". */
export function sayIn(at: Date, zone: string): string {
  const { day: on, time } = localOf(at, zone);
  return `${on} ${time} (${zone})`;
}
