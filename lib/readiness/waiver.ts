import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import type { Tier } from "@/lib/risk/tier";
import { itemId, modelName } from "./readiness";
import {
  type Authority,
  authoritiesOf,
  givesPart,
  impacts,
  likelihoods,
  type Needs,
  needsInWords,
  type Standing,
} from "./risk-acceptance";

/** Longest waiver by tier, days (governance.md section 2). */
export const maxWaiverDays: Record<Tier, number> = { 1: 90, 2: 120, 3: 180, 4: 180 };

/** Days before its end on which is warned, once each. */
export const warnDays = [30, 14, 3] as const;

const said = (least: number, what: string) =>
  z.string().trim().min(least, `Say in at least ${least} characters ${what}.`).max(4000, "At most 4000 characters.");

export const RequestWaiver = z.strictObject({
  name: modelName,
  item: itemId,
  reason: said(20, "why"),
  likelihood: z.enum(likelihoods, `Choose ${likelihoods.join(", ")}.`),
  impact: z.enum(impacts, `Choose ${impacts.join(", ")}.`),
  /** Who is affected if it happens, and how. */
  affected: said(10, "who is affected"),
  compensation: said(20, "what is done instead"),
  /** CEL over facts, each of which shows that the compensation works. */
  compensationChecks: z
    .array(z.string().trim().min(1, "Leave it out or write a check.").max(1000, "At most 1000 characters."))
    .max(5, "At most 5 checks.")
    .default([]),
  exitPlan: said(20, "how and when it will hold"),
  expiresOn: day(),
});

export const DecideWaiver = z.strictObject({
  ref: z.string().trim().min(1).max(60),
  outcome: z.enum(["accepted", "refused"], "Choose accepted or refused."),
  reason: z.string().trim().min(10, "Say in at least 10 characters why.").max(2000, "At most 2000 characters."),
});

export const EndWaiver = z.strictObject({
  ref: z.string().trim().min(1).max(60),
  reason: DecideWaiver.shape.reason,
});

export type WaiverState = "requested" | "accepted" | "refused" | "ended";

/** Where a waiver stands; one whose time is over counts no more, whatever it is called. */
export const waiverState = (w: {
  acceptedAt: Date | null;
  refusedAt: Date | null;
  endedAt: Date | null;
}): WaiverState => (w.endedAt ? "ended" : w.acceptedAt ? "accepted" : w.refusedAt ? "refused" : "requested");

export type WaiverSubject = {
  state: WaiverState;
  requestedBy: string;
  needs: Needs;
  /** Parts that are given, and by whom. */
  given: readonly { part: number; personId: string }[];
  model: Standing;
};

/** Which part an actor gives with which authority; null when none that is open is theirs to give. */
export function partFor(actor: Actor, waiver: WaiverSubject): { part: number; authority: Authority } | null {
  const held = authoritiesOf(actor, waiver.model);
  for (const [part, open] of waiver.needs.entries()) {
    if (waiver.given.some((g) => g.part === part)) continue;
    const authority = givesPart(open, held);
    if (authority) return { part, authority };
  }
  return null;
}

/** The acceptor is never whoever asked, owns, built or reviews the model (governance.md section 6.4). */
export function mayDecideWaiver(actor: Actor, waiver: WaiverSubject): Verdict {
  const { model } = waiver;
  if (actor.kind !== "person") return no("forbidden", "Only people accept a risk.");
  if (actor.scopes && !actor.scopes.includes("readiness:waive"))
    return no("forbidden", "This token may not accept risks. Sign in and do it yourself.");
  if (actor.id === waiver.requestedBy)
    return no("forbidden", "You asked for this waiver; someone else must accept the risk.");
  if (actor.id === model.ownerId || actor.id === model.backupOwnerId)
    return no("forbidden", "You own this model; someone else must accept the risk.");
  if (model.builderIds.includes(actor.id))
    return no("forbidden", "You built this model; someone else must accept the risk.");
  if (model.reviewerIds.includes(actor.id))
    return no("forbidden", "You vote in this model's open review; someone else must accept the risk.");
  if (waiver.state !== "requested") return no("conflict", `This waiver is already ${waiver.state}.`);
  if (waiver.given.some((g) => g.personId === actor.id))
    return no("forbidden", "You have accepted your part; a second person gives the other.");
  if (!partFor(actor, waiver))
    return no("forbidden", `This risk is for ${needsInWords(waiver.needs)} to accept. Ask one of them.`);
  return yes;
}

/** The owner gives a waiver back once it is not needed; whoever may accept such a risk may take it back. */
export function mayEndWaiver(actor: Actor, waiver: WaiverSubject): Verdict {
  const { model } = waiver;
  if (actor.kind !== "person") return no("forbidden", "Only people end a waiver.");
  if (waiver.state !== "accepted" && waiver.state !== "requested")
    return no("conflict", `This waiver is already ${waiver.state}.`);
  const owns = actor.id === model.ownerId || actor.id === model.backupOwnerId || actor.id === waiver.requestedBy;
  const accepts = waiver.needs.some((part) => givesPart(part, authoritiesOf(actor, model)));
  return owns || accepts
    ? yes
    : no("forbidden", `Only its owner, or ${needsInWords(waiver.needs) || "who accepts such risks"}, ends a waiver.`);
}
