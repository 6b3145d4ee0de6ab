import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import type { Tier } from "@/lib/risk/tier";

/** Whose acceptance a residual risk takes (governance.md section 6.4, "Risk acceptance"). The first five are a ladder, lowest first. */
export const ladder = ["team_lead", "service_owner", "unit_head", "unit_executive", "committee"] as const;
export const authorities = [...ladder, "model_risk", "security"] as const;
export type Authority = (typeof authorities)[number];

const steps: readonly Authority[] = ladder;

/** Who that is in the portal. */
export const authorityName: Record<Authority, string> = {
  team_lead: "the team lead",
  service_owner: "the head of the business unit",
  unit_head: "the head of technology (ARB chair)",
  unit_executive: "the unit's executive",
  committee: "the executive risk committee",
  model_risk: "model risk",
  security: "security",
};

export const likelihoods = ["unlikely", "possible", "likely"] as const;
export type Likelihood = (typeof likelihoods)[number];
export const impacts = ["minor", "moderate", "major", "severe"] as const;
export type Impact = (typeof impacts)[number];
export const risks = ["low", "medium", "high", "critical"] as const;
export type Risk = (typeof risks)[number];

/** What may happen while the item is waived, to whom, and how bad it is after the compensation. */
export type RiskStatement = { likelihood: Likelihood; impact: Impact; affected: string; level: Risk };

const levels: Record<Likelihood, Record<Impact, Risk>> = {
  unlikely: { minor: "low", moderate: "low", major: "medium", severe: "high" },
  possible: { minor: "low", moderate: "medium", major: "high", severe: "critical" },
  likely: { minor: "medium", moderate: "high", major: "high", severe: "critical" },
};
export const residualRisk = (likelihood: Likelihood, impact: Impact): Risk => levels[likelihood][impact];

/** Parts of an acceptance, the first line first; each is given by one of the authorities named, or one higher on the ladder. */
export type Needs = readonly (readonly Authority[])[];

const matrix: Record<Risk, Record<Tier, Needs | null>> = {
  low: { 4: [["team_lead"]], 3: [["team_lead"]], 2: [["service_owner"]], 1: [["unit_head"]] },
  medium: {
    4: [["service_owner"]],
    3: [["service_owner"]],
    2: [["unit_head"]],
    1: [["unit_executive"], ["model_risk"]],
  },
  high: {
    4: [["unit_head"]],
    3: [["unit_executive"]],
    2: [["unit_executive"], ["security", "model_risk"]],
    1: [["committee"]],
  },
  critical: { 4: [["unit_executive"]], 3: [["committee"]], 2: [["committee"]], 1: null },
};

/**
 * Whose acceptance a waiver needs; null when nobody may accept it. One renewal within a year is accepted at the same level, each
 * further one a level higher. No tier counts as tier 1.
 */
export function needsOf(risk: Risk, tier: Tier | null, renewal: number): Needs | null {
  const needs = matrix[risk][tier ?? 1];
  const up = Math.max(0, renewal - 1);
  return needs?.map((part) => part.map((authority) => raised(authority, up))) ?? null;
}

function raised(authority: Authority, by: number): Authority {
  const at = steps.indexOf(authority);
  return at < 0 ? authority : (steps[Math.min(at + by, steps.length - 1)] ?? authority);
}

/** How people stand to a model, as far as accepting its risks goes. */
export type Standing = {
  businessUnitId: string | null;
  ownerId: string | null;
  backupOwnerId: string | null;
  teamLeadId: string | null;
  /** Head of its unit, or of the nearest above that has one. */
  headId: string | null;
  /** Who trained the newest version, and who votes in a review that is open. */
  builderIds: readonly string[];
  reviewerIds: readonly string[];
};

/** The authorities that an actor has over a model. */
export function authoritiesOf(actor: Actor, model: Standing): Authority[] {
  const reaches = (role: "board_chair" | "executive" | "model_risk" | "security") =>
    hasRole(actor, role) &&
    holds({ ...actor, grants: actor.grants.filter((g) => g.role === role) }, "readiness:waive", model.businessUnitId);
  const everywhere = actor.grants.some((g) => g.role === "executive" && g.units === null);
  const has: Record<Authority, boolean> = {
    team_lead: actor.id === model.teamLeadId,
    service_owner: actor.id === model.headId,
    unit_head: reaches("board_chair"),
    unit_executive: reaches("executive"),
    committee: everywhere && reaches("executive"),
    model_risk: reaches("model_risk"),
    security: reaches("security"),
  };
  return authorities.filter((authority) => has[authority]);
}

/** By which authority one part may be given; null if by none. Who stands higher on the ladder may stand in. */
export function givesPart(part: readonly Authority[], held: readonly Authority[]): Authority | null {
  const exact = held.find((authority) => part.includes(authority));
  if (exact) return exact;
  const rank = (authority: Authority) => steps.indexOf(authority);
  const least = Math.min(...part.map(rank).filter((r) => r >= 0));
  return held.find((authority) => rank(authority) >= least && rank(authority) >= 0) ?? null;
}

/** "the unit's executive and model risk", for a sentence. */
export const needsInWords = (needs: Needs): string =>
  needs.map((part) => part.map((authority) => authorityName[authority]).join(" or ")).join(" and ");

/** Where something stands that somebody is asked to accept. */
export type AskedState = "requested" | "accepted" | "refused" | "ended";

/** What is accepted by the matrix, in the sentences of its rules. */
export type AskedFor = "waiver" | "risk acceptance";

export type Asked = {
  state: AskedState;
  requestedBy: string;
  needs: Needs;
  /** Parts that are given, and by whom. */
  given: readonly { part: number; personId: string }[];
  /** For a risk of a review its reviewers are whoever voted, decided or was named to read it. */
  model: Standing;
};

/** Which part an actor gives with which authority; null when none that is open is theirs to give. */
export function partFor(actor: Actor, asked: Asked): { part: number; authority: Authority } | null {
  const held = authoritiesOf(actor, asked.model);
  for (const [part, open] of asked.needs.entries()) {
    if (asked.given.some((g) => g.part === part)) continue;
    const authority = givesPart(open, held);
    if (authority) return { part, authority };
  }
  return null;
}

/** The acceptor is never whoever asked, owns, built or reviews the model (governance.md section 6.4). */
export function mayAccept(actor: Actor, asked: Asked, what: AskedFor = "waiver"): Verdict {
  const { model } = asked;
  if (actor.kind !== "person") return no("forbidden", "Only people accept a risk.");
  if (actor.scopes && !actor.scopes.includes("readiness:waive"))
    return no("forbidden", "This token may not accept risks. Sign in and do it yourself.");
  if (actor.id === asked.requestedBy)
    return no("forbidden", `You asked for this ${what}; someone else must accept the risk.`);
  if (actor.id === model.ownerId || actor.id === model.backupOwnerId)
    return no("forbidden", "You own this model; someone else must accept the risk.");
  if (model.builderIds.includes(actor.id))
    return no("forbidden", "You built this model; someone else must accept the risk.");
  if (model.reviewerIds.includes(actor.id))
    return no("forbidden", "You review this model; someone else must accept the risk.");
  if (asked.state !== "requested") return no("conflict", `This ${what} is already ${asked.state}.`);
  if (asked.given.some((g) => g.personId === actor.id))
    return no("forbidden", "You have accepted your part; a second person gives the other.");
  if (!partFor(actor, asked))
    return no("forbidden", `This risk is for ${needsInWords(asked.needs)} to accept. Ask one of them.`);
  return yes;
}

/** The owner gives a waiver back once it is not needed; whoever may accept such a risk may take it back. */
export function mayEnd(actor: Actor, asked: Asked, what: AskedFor = "waiver"): Verdict {
  const { model } = asked;
  if (actor.kind !== "person") return no("forbidden", `Only people end a ${what}.`);
  if (asked.state !== "accepted" && asked.state !== "requested")
    return no("conflict", `This ${what} is already ${asked.state}.`);
  const owns = actor.id === model.ownerId || actor.id === model.backupOwnerId || actor.id === asked.requestedBy;
  const accepts = asked.needs.some((part) => givesPart(part, authoritiesOf(actor, model)));
  return owns || accepts
    ? yes
    : no("forbidden", `Only its owner, or ${needsInWords(asked.needs) || "who accepts such risks"}, ends a ${what}.`);
}
