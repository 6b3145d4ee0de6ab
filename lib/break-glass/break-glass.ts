import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { type Verdict as Answer, no, yes } from "@/lib/core/refusal";
import { type Role, rightsOf } from "@/lib/core/rights";
import { sayMinute } from "@/lib/core/say-day";
import { whole } from "@/lib/core/whole";
import { IncidentOrReview } from "@/lib/incident-reviews/incident-review";
import { environment, releaseRef, several } from "@/lib/releases/release";

/** Where one stands: asked for, open, to be looked at, looked at; or it never opened. */
export const glassStates = ["waiting", "lapsed", "withdrawn", "open", "to_review", "reviewed"] as const;
export type GlassState = (typeof glassStates)[number];
export const glassStateName: Record<GlassState, string> = {
  waiting: "Waits for a second person",
  lapsed: "Lapsed unconfirmed",
  withdrawn: "Withdrawn",
  open: "Open",
  to_review: "To be looked at",
  reviewed: "Looked at",
};

export const verdicts = ["justified", "avoidable", "unjustified"] as const;
export type Verdict = (typeof verdicts)[number];
export const verdictName: Record<Verdict, string> = {
  justified: "Justified",
  avoidable: "Justified, and avoidable next time",
  unjustified: "Not justified",
};

/** A reason of the gate that was passed. */
export type Passed = { code: string; text: string };

/** How long a request waits for its second person. An emergency that waits longer is asked for anew. */
export const confirmWithinMs = 60 * 60_000;
/** Business days after the opening by which someone else has looked at it (issue F, product.md section 5). */
export const reviewWithinDays = 2;

export const GlassRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^BRK-\d{1,9}$/i, "Use a reference like BRK-0003.");

const words = (least: number, ask: string) =>
  z
    .string(`${ask}.`)
    .trim()
    .min(least, `${ask}, in at least ${least} characters; it goes on record.`)
    .max(4000, "At most 4,000 characters.");

export const RequestGlass = z.strictObject({
  release: releaseRef,
  justification: words(30, "Say what is wrong, and why it cannot wait for the signatures"),
  hours: whole(z.number("For how many hours?").int().min(1, "At least 1 hour.").max(24, "At most 24 hours.")),
});
export const PrepareConfirmation = z.strictObject({
  ref: GlassRef,
  /** Key to sign with, by its fingerprint; the newest one if left out. */
  credential: z.string().trim().min(1).max(100).optional(),
});
export const EndGlass = z.strictObject({ ref: GlassRef, reason: words(10, "Say why") });
export const ReviewGlass = z.strictObject({
  ref: GlassRef,
  verdict: z.enum(verdicts, `Choose ${verdicts.join(", ")}.`),
  findings: words(30, "Say what you looked at and what you found"),
  followUp: z.string().trim().max(2000, "At most 2,000 characters.").default(""),
  /** An incident or its review, by reference. */
  incident: IncidentOrReview.optional(),
});
const Quarter = z.string().regex(/^\d{4}-Q[1-4]$/, "Name a quarter like 2026-Q4.");
export const FindGlass = z.strictObject({
  state: several(z.enum(glassStates)).optional(),
  environment: several(environment).optional(),
  model: z.string().trim().min(1).max(200).optional(),
  /** Unit by its slug, with those below it. */
  unit: z.string().trim().min(1).max(80).optional(),
  quarter: several(Quarter).optional(),
  after: GlassRef.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

type Times = {
  confirmedAt: Date | null;
  lapsesAt: Date;
  until: Date | null;
  endedAt: Date | null;
  reviewedAt: Date | null;
};

export function stateOf(glass: Times, now: Date): GlassState {
  if (glass.reviewedAt) return "reviewed";
  if (!glass.confirmedAt) return glass.endedAt ? "withdrawn" : glass.lapsesAt <= now ? "lapsed" : "waiting";
  return glass.endedAt || (glass.until && glass.until <= now) ? "to_review" : "open";
}

/** What the rules need to know of a release for which the glass is to be broken. */
export type ToBreak = {
  ref: string;
  status: string;
  businessUnitId: string | null;
  /** The longest time that the policy allows; 0: none. */
  maximumHours: number;
  /** One that waits or is open already. */
  current: string | null;
};

/** The same people who may ask for the release ask for this: those who answer for the model in its unit. */
export function mayRequestGlass(actor: Actor, release: ToBreak): Answer {
  if (actor.kind !== "person")
    return no("forbidden", "Only a person breaks the glass: tokens, services and agents answer for nothing.");
  if (hasRole(actor, "admin"))
    return no("forbidden", "An administrator configures the portal and takes part in no decision.");
  if (!holds(actor, "releases:request", release.businessUnitId))
    return no("forbidden", "Only a model owner of this business unit can ask to break the glass. Ask one of them.");
  if (release.status !== "open" && release.status !== "allowed")
    return no("conflict", `${release.ref} is ${release.status}; request a new release first.`);
  if (release.maximumHours === 0)
    return no("conflict", "The policy of this environment knows no break-glass. Clear what the gate names.");
  if (release.current)
    return no("conflict", `${release.current} is under way for this release. Confirm it, or end it first.`);
  return yes;
}

/** What the rules need to know of one that was asked for. */
export type GlassSubject = Times & {
  ref: string;
  businessUnitId: string | null;
  requestedBy: string;
  confirmedBy: string | null;
  releaseStatus: string;
  releaseRequestedBy: string;
  trainedById: string | null;
  ownerIds: readonly string[];
  now: Date;
};

/** A second person who answers for the whole organisation, not for the model: the chair, security, or model risk. */
export function mayConfirmGlass(actor: Actor, glass: GlassSubject): Answer {
  const second = apart(actor, glass, "confirm");
  if (!second.ok) return second;
  if (actor.id === glass.requestedBy)
    return no("forbidden", "You asked for this; a second person must confirm it. That is the point of it.");
  const state = stateOf(glass, glass.now);
  if (state === "lapsed")
    return no("conflict", `${glass.ref} waited longer than an hour and lapsed. Whoever needs it asks again.`);
  if (state !== "waiting") return no("conflict", `${glass.ref} is no longer waiting: ${glassStateName[state]}.`);
  if (glass.releaseStatus !== "open" && glass.releaseStatus !== "allowed")
    return no("conflict", `The release is ${glass.releaseStatus}; there is no gate to open for it.`);
  return yes;
}

/** Who stands apart from the model and its release, and holds the right that three roles have. */
function apart(actor: Actor, glass: GlassSubject, verb: string): Answer {
  if (actor.kind !== "person")
    return no("forbidden", `Only a person can ${verb} this: tokens, services and agents have no key of their own.`);
  if (hasRole(actor, "admin"))
    return no("forbidden", "An administrator configures the portal and takes part in no decision.");
  if (!holds(actor, "releases:break_glass", glass.businessUnitId))
    return no("forbidden", `The ARB chair, security or model risk ${verb}s it. Ask one of them.`);
  if (actor.id === glass.releaseRequestedBy)
    return no("forbidden", `You asked for the release; another person must ${verb} this.`);
  if (actor.id === glass.trainedById)
    return no("forbidden", `You trained this version; another person must ${verb} this.`);
  if (glass.ownerIds.includes(actor.id))
    return no("forbidden", `You own this model; another person must ${verb} this.`);
  return yes;
}

/** The role in which someone confirms. */
export const confirmingRole = (actor: Actor, unitId: string | null): Role | null =>
  actor.grants.find(
    (g) =>
      rightsOf[g.role].includes("releases:break_glass") &&
      (g.units === null || unitId === null || g.units.includes(unitId)),
  )?.role ?? null;

/** Closing a gate that stands open needs less than opening it: either of the two, or whoever may confirm. */
export function mayEndGlass(actor: Actor, glass: GlassSubject): Answer {
  if (actor.kind !== "person") return no("forbidden", "Only a person ends it.");
  const state = stateOf(glass, glass.now);
  if (state !== "waiting" && state !== "open")
    return no("conflict", `${glass.ref} is over already: ${glassStateName[state]}.`);
  const theirs = actor.id === glass.requestedBy || actor.id === glass.confirmedBy;
  return theirs || holds(actor, "releases:break_glass", glass.businessUnitId)
    ? yes
    : no("forbidden", "Either of the two people, the ARB chair, security or model risk ends it. Ask one of them.");
}

/** A third person, who took no part, looks at it once it is over. */
export function mayReviewGlass(actor: Actor, glass: GlassSubject): Answer {
  const third = apart(actor, glass, "review");
  if (!third.ok) return third;
  if (actor.id === glass.requestedBy || actor.id === glass.confirmedBy)
    return no("forbidden", "You took part in it; someone who did not must look at it.");
  const state = stateOf(glass, glass.now);
  if (state === "open")
    return no(
      "conflict",
      `${glass.ref} is open until ${glass.until ? sayMinute(glass.until) : "it ends"}. End it, or wait until then.`,
    );
  if (state === "reviewed") return no("conflict", `${glass.ref} was looked at already.`);
  if (state !== "to_review")
    return no("conflict", `${glass.ref} never opened the gate, so there is nothing to look at.`);
  return yes;
}

/** The beginning of a justification, for lists and the log's sentences; all of it stands on the page. */
export const brief = (text: string, most = 160): string =>
  text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
