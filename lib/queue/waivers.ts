import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { mayDecideAcceptance } from "@/lib/acceptances/acceptance";
import { type Acceptance, endingAcceptances, openAcceptances } from "@/lib/acceptances/read";
import type { Actor } from "@/lib/core/actor";
import { authorityName, mayAccept, partFor } from "@/lib/readiness/risk-acceptance";
import { standings } from "@/lib/readiness/waiver-standing";
import type { QueueItem } from "./queue";
import {
  type EndingWaiver,
  type EndingWords,
  endingWaivers,
  endingWords,
  type OpenWaiver,
  openWaivers,
} from "./sources";

const place = (model: string, item: string) =>
  `/models/${encodeURIComponent(model)}/readiness?show=all&item=${encodeURIComponent(item)}#${item}`;

export const waiverItem = (w: OpenWaiver, why: string, action: string): QueueItem => ({
  ref: w.ref,
  href: place(w.model, w.item),
  title: `Waive ${w.item}: ${w.reason}`,
  model: w.model,
  why,
  ask: "decide",
  lane: "Waiver",
  promise: "no promise",
  due: null,
  since: w.since,
  action,
});

const endingItem = (w: EndingWaiver): QueueItem => ({
  ref: w.ref,
  href: place(w.model, w.item),
  title: `${w.ref} runs out: meet ${w.item} or ask for another`,
  model: w.model,
  why: "Your model; when it runs out the item counts again at once",
  ask: "answer",
  lane: "Waiver",
  promise: "runs out",
  due: w.ends,
  since: w.since,
  action: "Open",
});

const wordsItem = (w: EndingWords): QueueItem => ({
  ref: "",
  href: `/models/${encodeURIComponent(w.model)}/readiness?show=review`,
  title: `${w.n === 1 ? "An attestation" : `${w.n} attestations`} of ${w.model} ${w.n === 1 ? "runs" : "run"} out: ${w.items.slice(0, 4).join(", ")}${w.n > 4 ? " and more" : ""}`,
  model: w.model,
  why: "Your model; look again and attest anew, or the items turn unknown",
  ask: "answer",
  lane: "Evidence",
  promise: "runs out",
  due: w.ends,
  since: w.since,
  action: "Open",
});

export const acceptanceItem = (x: Acceptance, why: string, action: string): QueueItem => ({
  ref: x.ref,
  href: `/reviews/${x.review}#${x.ref}`,
  title: `Accept a ${x.statement.level} risk: ${x.risk}`,
  model: x.model,
  why,
  ask: "decide",
  lane: "Risk",
  promise: "no promise",
  due: null,
  since: x.requestedAt,
  action,
});

const endingAcceptance = (x: Acceptance): QueueItem => ({
  ...acceptanceItem(x, "Your model; nobody bears the risk after that day", "Open"),
  title: `${x.ref} ${x.over ? "ran out" : "runs out"}: end it, or ask for another. ${x.risk}`,
  ask: "answer",
  promise: x.over ? "ran out" : "runs out",
  due: x.expiresAt.slice(0, 10),
});

/** Risks of reviews that the actor may accept a part of, and those of their own models whose acceptance runs out. */
async function myAcceptances(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  const [open, ending] = await Promise.all([openAcceptances(read, now), endingAcceptances(read, actor.id, now)]);
  const mine = open.flatMap((x) => {
    const part = mayDecideAcceptance(actor, x.rules).ok ? partFor(actor, x.rules) : null;
    return part ? [acceptanceItem(x, `It is for you to accept, as ${authorityName[part.authority]}`, "Rule")] : [];
  });
  return [...mine, ...ending.map(endingAcceptance)];
}

/** Waivers that the actor may accept a part of, and those of their own models that run out, with attestations that do; risks alike. */
export async function myWaivers(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  const [risks, open, ending, words] = await Promise.all([
    myAcceptances(read, actor, now),
    openWaivers(read, now, sql`w.requested_by <> ${actor.id}`),
    endingWaivers(read, actor.id, now),
    endingWords(read, actor.id, now),
  ]);
  const standing = await standings(read, [...new Set(open.map((w) => w.model_id))]);
  const mine = open.flatMap((w) => {
    const model = standing.get(w.model_id);
    if (!model) return [];
    const subject = { state: "requested" as const, requestedBy: w.requested_by, needs: w.needs, given: w.given, model };
    const part = mayAccept(actor, subject).ok ? partFor(actor, subject) : null;
    return part ? [waiverItem(w, `Its risk is for you to accept, as ${authorityName[part.authority]}`, "Rule")] : [];
  });
  return [...mine, ...risks, ...ending.map(endingItem), ...words.map(wordsItem)];
}
