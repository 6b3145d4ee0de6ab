import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { manyOf } from "@/lib/core/many";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { personKey, unitKey } from "@/lib/models/inputs";

import { type ModelSubject, mayClaim, type Stage } from "@/lib/models/model";

/** How what was observed may differ from what the inventory says. */
export const itemKinds = ["unclaimed", "ownerless", "vanished", "renamed", "duplicate", "unlisted", "bypass"] as const;
export type ItemKind = (typeof itemKinds)[number];

export const itemKindName: Record<ItemKind, string> = {
  unclaimed: "Unclaimed",
  ownerless: "Without owner",
  vanished: "Vanished",
  renamed: "Renamed",
  duplicate: "Same model twice",
  unlisted: "Served, not listed",
  bypass: "Gate bypass",
};

/** What each kind means, in one line under its tab. */
export const itemKindMeans: Record<ItemKind, string> = {
  unclaimed: "A registry holds it and nobody answers for it.",
  ownerless: "Its owner left, or gave it up, and nobody took over.",
  vanished: "Two completed syncs in a row did not find it.",
  renamed: "It vanished, and the same versions appeared under another name.",
  duplicate: "Two records with the same artefact, run or name.",
  unlisted: "Something serves a version that the inventory does not hold.",
  bypass: "A version serves in production that no release allows.",
};

/** apart: two records that someone looked at and says are two models. settled: no longer so, or acted upon. */
export const itemStatuses = ["open", "ignored", "apart", "settled"] as const;
export type ItemStatus = (typeof itemStatuses)[number];

export const itemStatusName: Record<ItemStatus, string> = {
  open: "Open",
  ignored: "Ignored for now",
  apart: "Kept apart",
  settled: "Settled",
};

/** How it was found; what each kind knows of it. */
export type Evidence = {
  /** Connection or reporter that showed it. */
  source?: string;
  lastSeen?: string | null;
  by?: "digest" | "run" | "name";
  /** Versions that both records share. */
  shared?: number;
  digest?: string | null;
  environment?: string;
  version?: string | null;
  finding?: string;
  formerOwner?: string;
  /** Who said in a campaign not to own it. */
  disownedBy?: string;
};

/** What a bulk action changed of one model, so that it can be taken back. */
export type Before = {
  modelId: string;
  name: string;
  ownerId?: string | null;
  backupOwnerId?: string | null;
  businessUnitId?: string | null;
  stage?: Stage;
  claimedAt?: string | null;
  team?: string;
  /** Of a join: the connection and registry name that the record gave up. */
  connectionId?: string | null;
  externalId?: string | null;
  externalName?: string | null;
  vanishedAt?: string | null;
  /** Of a join: versions that moved over. */
  versions?: string[];
  joinedToId?: string | null;
};

const reason = z.string().trim().min(10, "Say why in at least 10 characters.").max(1000, "At most 1000 characters.");

export const itemFilter = {
  kind: manyOf(z.enum(itemKinds)),
  status: z.enum(itemStatuses).optional(),
  /** Business units (slugs or ids) and everything below them; "none" for models of no unit. */
  unit: manyOf(z.string().max(120)),
  /** Name of the connection, or "manual". */
  source: z.string().max(200).optional(),
  /** Part of the model's name. */
  q: z.string().trim().max(200).optional(),
};

/** Items chosen one by one, or everything that a filter shows. */
export const select = z.union([
  z.strictObject({
    ids: z.array(z.uuid()).min(1, "Select at least one.").max(500, "At most 500 at a time; use the filter instead."),
  }),
  z.strictObject({ filter: z.strictObject(itemFilter) }),
]);
export type Select = z.output<typeof select>;

export const assignInput = z.strictObject({
  select,
  businessUnit: unitKey,
  owner: personKey,
  backupOwner: personKey.optional(),
  team: z.string().trim().max(120, "At most 120 characters.").optional(),
});

export const retireInput = z.strictObject({ select, reason });
export const apartInput = z.strictObject({ select, reason });
export const joinInput = z.strictObject({
  select,
  reason: z.string().trim().max(1000, "At most 1000 characters.").default(""),
});
export const ignoreInput = z.strictObject({
  select,
  reason,
  /** The day on which it comes back. */
  until: day("The day it comes back, such as 2026-12-20.").transform((text) => new Date(`${text}T00:00:00Z`)),
});

/** Ignoring is for a while: longer than this is a decision that belongs elsewhere. */
export const longestIgnoreDays = 180;

export const sightingInput = z.strictObject({
  /** Name that the serving system gives the model. */
  model: z.string().trim().min(1, "Name the model.").max(400, "At most 400 characters."),
  version: z.string().trim().min(1).max(120).optional(),
  digest: z
    .string()
    .max(100)
    .transform((v) => v.replace(/^sha256:/, ""))
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 in lower-case hex, 64 digits."))
    .optional(),
  environment: z.enum(["dev", "staging", "prod"], "One of dev, staging, prod."),
  endpoint: z.string().trim().max(300).optional(),
});

/** What a rule needs of an item: the models it is about. */
export type ItemSubject = { kind: ItemKind; models: readonly ModelSubject[] };

/** Whether the actor may settle these differences: whoever may claim the models, which includes handing an owned one over. */
export function maySettle(actor: Actor, items: readonly ItemSubject[]): Verdict {
  if (!holds(actor, "inventory:claim"))
    return no("forbidden", "Settling differences needs the role model owner or architect.");
  if (actor.kind !== "person") return no("forbidden", "Only people settle differences; services report them.");
  for (const { models } of items)
    for (const model of models) {
      const verdict = mayClaim(actor, model);
      if (!verdict.ok) return no(verdict.code, `${model.name}: ${verdict.reason}`);
    }
  return yes;
}

/** Whether the actor may give models to a business unit. */
export function mayAssign(actor: Actor, items: readonly ItemSubject[], unit: { id: string; name: string }): Verdict {
  const verdict = maySettle(actor, items);
  if (!verdict.ok) return verdict;
  return holds(actor, "inventory:claim", unit.id)
    ? yes
    : no("forbidden", `Your role does not reach ${unit.name}. Choose one of your business units.`);
}

export const undoWithinDays = 30;

/** Whoever did it takes it back; so does an architect. */
export function mayUndo(actor: Actor, action: { byId: string; byName: string }): Verdict {
  if (actor.kind !== "person" || !holds(actor, "inventory:claim"))
    return no("forbidden", "Taking an action back needs the role model owner or architect.");
  return actor.id === action.byId || hasRole(actor, "architect")
    ? yes
    : no("forbidden", `${action.byName} did this. They or an architect can take it back.`);
}

/** Whether the actor may say what serves: delivery and monitoring systems. */
export const maySight = (actor: Actor): Verdict =>
  holds(actor, "deployments:report")
    ? yes
    : no("forbidden", "Reporting what serves needs a service token with the right deployments:report.");

/** Actions that make sense for a kind, the usual one first. */
export const actionsFor: Record<ItemKind, readonly ("assign" | "join" | "apart" | "retire" | "ignore")[]> = {
  unclaimed: ["assign", "retire", "ignore"],
  ownerless: ["assign", "retire", "ignore"],
  vanished: ["retire", "ignore"],
  renamed: ["join", "apart"],
  duplicate: ["join", "apart"],
  unlisted: ["ignore"],
  bypass: ["ignore"],
};

/** A record as the worklist shows it, with what the rules need. */
export type ItemModel = ModelSubject & {
  id: string;
  tier: number | null;
  unit: string | null;
  source: string | null;
  versions: number;
  createdAt: string;
};

export type Item = {
  id: string;
  kind: ItemKind;
  status: ItemStatus;
  since: string;
  evidence: Evidence;
  seenName: string;
  reason: string;
  ignoredUntil: string | null;
  settledBy: string | null;
  model: ItemModel | null;
  other: ItemModel | null;
};
