import { z } from "zod";
import type { CheckState, UnknownCause } from "@/lib/checks/check";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import type { Fact } from "@/lib/facts/fact";
import type { ModelKind, ServingType } from "@/lib/models/model";
import type { Tier } from "@/lib/risk/tier";

/** How an item looks at a system (governance.md section 4): an LLM application or agent is its own type. */
export const itemTypes = ["batch", "online", "streaming", "llm_app", "agent"] as const;
export type ItemType = (typeof itemTypes)[number];

export const itemTypeName: Record<ItemType, string> = {
  batch: "batch",
  online: "online",
  streaming: "streaming",
  llm_app: "LLM application",
  agent: "agent",
};

/** The type that decides which items apply; null while the inventory does not say, and then every item applies. */
export function itemTypeOf(model: { kind: ModelKind | null; servingType: ServingType | null }): ItemType | null {
  if (model.kind === "agent") return "agent";
  if (model.kind === "llm_app" || model.kind === "rag") return "llm_app";
  if (model.servingType === "edge") return "online";
  return model.servingType;
}

/**
 * Whether a person's word can make an item pass. In tier 1, and without a tier, facts alone do where they are what decides it
 * (`auto`; governance.md section 4).
 */
export const wordPasses = (how: "auto" | "part" | "attest", tier: Tier | null): boolean =>
  how !== "auto" || (tier ?? 1) !== 1;

/** Why an item does not apply. Free text alone invites "not relevant". */
export const notApplicableReasons = {
  no_people_affected: "No person is affected by the output",
  no_personal_data: "No personal data is used",
  no_consumers: "Nothing consumes the output automatically",
  covered_by_platform: "The platform provides it for every service",
  covered_by_vendor: "The vendor provides it under contract",
  technically_impossible: "It cannot occur with this design",
} as const;
export type NotApplicableReason = keyof typeof notApplicableReasons;
const naReasons = Object.keys(notApplicableReasons) as [NotApplicableReason, ...NotApplicableReason[]];

/** One item of an assessment. */
export type AssessedItem = {
  id: string;
  title: string;
  area: string;
  /** Whether tier and type ask for it; the rest is listed and does not count. */
  required: boolean;
  /** The day from which tier and type will ask for it; null when they do already or never will. */
  countsFrom: string | null;
  state: CheckState;
  cause: UnknownCause | null;
  /** What was found, in words. */
  why: string;
  /** Where the answer comes from: systems, a person, or nothing yet. */
  source: string;
  /** When it was last true in the world; null while unknown. */
  effectiveAt: Date | null;
  /** When the source was last read. */
  collectedAt: Date | null;
  /** When the answer stops counting by itself; null if it does not. */
  expiresAt: Date | null;
  facts: readonly { id: string; key: string; value: unknown; stale: boolean }[];
  attestationId: string | null;
  waiverRef: string | null;
};

export type Counts = {
  pass: number;
  fail: number;
  unknown: number;
  waived: number;
  notApplicable: number;
  total: number;
};

export type Assessment = {
  modelId: string;
  versionId: string | null;
  tier: Tier | null;
  type: ItemType | null;
  checklist: { id: string; version: number; digest: string; title: string };
  items: readonly AssessedItem[];
  /** Over the required items only; `total` leaves out what does not apply. */
  counts: Counts;
  /** What else may be judged of the model at the same instant, such as the compensation of a waiver. */
  judgedBy: { tier: Tier | null; type: ItemType | null; facts: readonly Fact[]; now: Date };
  /** Canonical JSON: what an approval refers to. Same inputs, same bytes. */
  content: Buffer;
  /** SHA-256 of `content`, hex. */
  digest: string;
};

/** Who a rule about a model's readiness needs to know. */
export type ModelSubject = {
  id: string;
  name: string;
  tier: Tier | null;
  businessUnitId: string | null;
  ownerId: string | null;
  backupOwnerId: string | null;
};

export const modelName = z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters.");
export const itemId = z.string().trim().min(1).max(60);
const isoDay = day();

export const Attest = z.strictObject({
  name: modelName,
  items: z.array(itemId).min(1, "Name at least one item.").max(50, "At most 50 items at once."),
  outcome: z.enum(["pass", "fail", "not_applicable"], "Choose pass, fail or not_applicable."),
  statement: z
    .string()
    .trim()
    .min(20, "Say in at least 20 characters what you looked at and what you found.")
    .max(4000, "At most 4000 characters."),
  notApplicableReason: z.enum(naReasons, `Choose one of ${naReasons.join(", ")}.`).optional(),
  evidenceSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "Give the SHA-256 of an uploaded file, 64 hex digits.")
    .optional(),
  evidenceUrl: z
    .url({ protocol: /^https?$/, error: "Give an http or https link." })
    .max(2000, "At most 2000 characters.")
    .optional(),
  /** The day on which it was true; today if left out. */
  effectiveOn: isoDay.optional(),
  /** At most the item's own maximum age after `effectiveOn`; that maximum if left out. */
  expiresOn: isoDay.optional(),
});

export function mayAssess(actor: Actor, model: ModelSubject): Verdict {
  if (actor.kind === "system" || holds(actor, "inventory:read", model.businessUnitId)) return yes;
  return no("not_found", `There is no model ${model.name} in the inventory.`);
}

const isOwner = (actor: Actor, model: ModelSubject): boolean =>
  actor.id === model.ownerId || actor.id === model.backupOwnerId;

export function mayAttest(actor: Actor, model: ModelSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people attest. Push a fact instead.");
  if (!model.ownerId) return no("conflict", `${model.name} has no owner yet. Claim it first.`);
  if (
    holds(actor, "readiness:attest", model.businessUnitId) ||
    (isOwner(actor, model) && holds(actor, "readiness:attest"))
  )
    return yes;
  return no("forbidden", "Only the model's owner or a contributor of its business unit attests. Ask the owner.");
}

/** Only whoever attested signs it, with a key of their own, once and while it stands. */
export function maySignAttestation(
  actor: Actor,
  attestation: { attestedBy: string; supersededAt: Date | null; signedAt: Date | null },
): Verdict {
  if (actor.kind !== "person" || actor.id !== attestation.attestedBy)
    return no("forbidden", "Only whoever attested this signs it.");
  if (attestation.supersededAt) return no("conflict", "This attestation no longer stands: it was revoked or replaced.");
  if (attestation.signedAt) return no("conflict", "You signed this attestation already.");
  return yes;
}

/** `attestedBy`: whoever said that the item does not apply. */
export function mayConfirm(actor: Actor, model: ModelSubject, attestation: { attestedBy: string }): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people confirm.");
  if (!holds(actor, "readiness:waive", model.businessUnitId))
    return no(
      "forbidden",
      "Only who accepts risks (ARB chair, model risk, security, leadership) confirms that an item does not apply. Ask one of them.",
    );
  if (actor.id === attestation.attestedBy)
    return no("forbidden", "You said it does not apply; a second person must confirm it.");
  return yes;
}
