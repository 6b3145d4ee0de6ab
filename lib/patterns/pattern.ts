import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { manyOf } from "@/lib/core/many";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { itemTypeName, itemTypes } from "@/lib/readiness/readiness";
import { useCaseKey } from "@/lib/use-cases/use-case";

/** What a reference architecture is about: how answers reach their callers, a whole application, or what many stand on. */
export const patternKinds = ["serving", "application", "platform"] as const;
export type PatternKind = (typeof patternKinds)[number];

export const patternKindName: Record<PatternKind, string> = {
  serving: "Serving",
  application: "Application",
  platform: "Platform",
};

export const patternPlatforms = [
  "databricks",
  "sagemaker",
  "vertex_ai",
  "azure_ml",
  "snowflake",
  "kubernetes",
] as const;
export type PatternPlatform = (typeof patternPlatforms)[number];

export const patternPlatformName: Record<PatternPlatform, string> = {
  databricks: "Databricks",
  sagemaker: "SageMaker",
  vertex_ai: "Vertex AI",
  azure_ml: "Azure ML",
  snowflake: "Snowflake",
  kubernetes: "Kubernetes",
};

export const PatternList = z.strictObject({
  q: z.string().trim().max(200, "At most 200 characters.").optional(),
  kind: manyOf(z.enum(patternKinds)),
  /** Serving types that the self-service lane of the pattern covers. */
  serving: manyOf(z.enum(itemTypes)),
  /** Platforms that the pattern says how to build on. */
  platform: manyOf(z.enum(patternPlatforms)),
});

/** The filters of the list with their words. */
export const patternFilters = [
  { key: "kind", name: "Kind", options: patternKinds.map((value) => ({ value, label: patternKindName[value] })) },
  { key: "serving", name: "Serving", options: itemTypes.map((value) => ({ value, label: itemTypeName[value] })) },
  {
    key: "platform",
    name: "Built on",
    options: patternPlatforms.map((value) => ({ value, label: patternPlatformName[value] })),
  },
] as const;

const chosen = {
  pattern: z.string().trim().min(1, "Choose a reference architecture.").max(120, "At most 120 characters."),
  /** The version in force if left out. */
  version: z.number().int("Give a whole number.").min(1).max(10_000).optional(),
  /** The exact text by its SHA-256 (hex); the one in force if left out. */
  digest: z.string().trim().min(1).max(64, "A SHA-256 in hex.").optional(),
  /** Where it departs; empty for full conformance. */
  deviations: z.string().trim().max(8000, "At most 8000 characters.").default(""),
};

export const AdoptPattern = z.strictObject({
  name: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
  ...chosen,
});

export const AdoptForUseCase = z.strictObject({ useCase: useCaseKey, ...chosen });

/** What follows a reference architecture: a model, or a use case, which has a reference beside its name. */
export type Follower = {
  kind: "model" | "use_case";
  id: string;
  ref: string;
  name: string;
  businessUnitId: string | null;
  ownerId: string | null;
  backupOwnerId: string | null;
};

export const followerNoun = { model: "model", use_case: "use case" } as const;

export function mayAdopt(actor: Actor, follower: Follower): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people choose an architecture.");
  if (!follower.ownerId)
    return no(
      "conflict",
      follower.kind === "model"
        ? `${follower.name} has no owner yet. Claim it first.`
        : `${follower.name} has no owner yet. Name one under Edit first.`,
    );
  const owns = actor.id === follower.ownerId || actor.id === follower.backupOwnerId;
  if (holds(actor, "patterns:adopt", follower.businessUnitId) || (owns && holds(actor, "patterns:adopt"))) return yes;
  return no(
    "forbidden",
    `Only the ${followerNoun[follower.kind]}'s owner or a contributor of its business unit chooses its architecture. Ask the owner.`,
  );
}
