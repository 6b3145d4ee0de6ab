import { z } from "zod";
import { day, instant } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import { deploymentKinds, environments, modelKinds, platforms, servingTypes, stages, targetKinds } from "./model";

/** The name of a model in the inventory, or its id. Names that a registry gave may hold any printable character. */
export const modelKey = z.string().min(1, "Name the model.").max(400, "At most 400 characters.");

/** A name that a person gives. */
export const newName = z
  .string()
  .min(2, "At least 2 characters.")
  .max(120, "At most 120 characters.")
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "Letters, digits, dot, dash and underscore; starts with a letter or digit.");

/** A business unit: slug or id. */
export const unitKey = z.string().min(1, "Choose a business unit.").max(120);
/** A person: e-mail address or id. */
export const personKey = z.string().min(3, "Name a person by e-mail address.").max(254);

export const sha256Hex = z
  .string()
  .max(100, "At most 100 characters.")
  .transform((v) => v.replace(/^sha256:/, ""))
  .pipe(
    z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 in lower-case hex, 64 digits, with or without sha256: before it."),
  );

/** An instant as ISO 8601 with offset. */
export const instantText = instant("Date and time as in 2026-11-20T09:00:00Z.", true).transform((v) => new Date(v));

const description = z.string().max(4000, "At most 4000 characters.");
const method = z.string().max(80, "At most 80 characters.");
const team = z.string().max(120, "At most 120 characters.");
const url = z.url({ protocol: /^https?$/, message: "An http or https address." }).max(2000);

/** SPDX identifier (Apache-2.0), or the name a vendor gives its own licence. */
const licence = z.string().trim().min(1).max(120, "At most 120 characters.").optional();
const baseModel = z.string().trim().min(1).max(400, "At most 400 characters.").optional();
const runtime = z.string().trim().min(1).max(400, "At most 400 characters.").optional();

export const registerInput = z.strictObject({
  name: newName,
  description: description.default(""),
  kind: z.enum(modelKinds, "Choose a kind."),
  method: method.default(""),
  servingType: z.enum(servingTypes, "Choose how it serves."),
  platform: z.enum(platforms, "Choose a platform."),
  stage: z.enum(stages).exclude(["unclaimed"]).default("development"),
  businessUnit: unitKey,
  owner: personKey.optional(),
  backupOwner: personKey.optional(),
  team: team.default(""),
  useCase: z.string().max(120).optional(),
  sourceUrl: url.optional(),
  /** Why it is none of the models that look like it; asked for when there are such. */
  distinctBecause: z
    .string()
    .trim()
    .min(10, "Say in at least 10 characters why it is another model.")
    .max(1000, "At most 1000 characters.")
    .optional(),
});

export const editInput = z.strictObject({
  name: modelKey,
  /** The revision that was read; the edit is refused if someone changed the model since. */
  revision: whole(z.number().int().min(1).max(1_000_000_000)),
  description: description.optional(),
  kind: z.enum(modelKinds).optional(),
  method: method.optional(),
  servingType: z.enum(servingTypes).optional(),
  platform: z.enum(platforms).optional(),
  team: team.optional(),
  useCase: z.string().max(120).nullable().optional(),
  sourceUrl: url.nullable().optional(),
});

export const claimInput = z.strictObject({
  name: modelKey,
  businessUnit: unitKey,
  /** Left out: the person who claims. */
  owner: personKey.optional(),
  backupOwner: personKey.optional(),
  team: team.optional(),
  kind: z.enum(modelKinds, "Choose a kind."),
  servingType: z.enum(servingTypes, "Choose how it serves."),
  useCase: z.string().max(120).optional(),
});

export const stageInput = z.strictObject({
  name: modelKey,
  to: z.enum(stages).exclude(["unclaimed"]),
  reason: z.string().max(1000, "At most 1000 characters.").default(""),
});

export const versionInput = z.strictObject({
  name: modelKey,
  version: z
    .string()
    .min(1)
    .max(120)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "Letters, digits, dot, plus, dash and underscore."),
  digest: sha256Hex.optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "A Git commit in lower-case hex.")
    .optional(),
  runId: z.string().max(120).optional(),
  sourceUri: z.string().max(2000).optional(),
  trainedBy: z.string().max(254).optional(),
  licence,
  baseModel,
  runtime,
  registeredAt: instantText.optional(),
});

export const deploymentInput = z.strictObject({
  name: modelKey,
  version: z.string().min(1).max(120),
  environment: z.enum(environments, `One of ${environments.join(", ")}.`),
  digest: sha256Hex.optional(),
  since: instantText.optional(),
  /** Left out: found from what served before. */
  kind: z.enum(deploymentKinds).optional(),
  /** The endpoint or job that serves it; left out when only the environment is known. */
  target: z
    .strictObject({
      name: z.string().trim().min(1, "Name the endpoint or job.").max(200),
      kind: z.enum(targetKinds, `One of ${targetKinds.join(", ")}.`),
      region: z.string().trim().max(60).default(""),
    })
    .optional(),
  /** Share of the target's traffic. Below 100, what served there before goes on with the rest. */
  percent: z.number().int("Whole percent.").min(1).max(100).default(100),
});

export const deploymentEndInput = z.strictObject({
  name: modelKey,
  environment: z.enum(environments, `One of ${environments.join(", ")}.`),
  /** Only this endpoint or job; left out: everything in the environment. */
  target: z.string().max(200).optional(),
  reason: z.string().trim().max(1000, "At most 1000 characters.").default(""),
});

export const endOfLifeInput = z.strictObject({
  name: modelKey,
  /** When it shall end; null takes the plan back. */
  date: day().nullable(),
  /** The model that takes its place, if any. */
  successor: modelKey.optional(),
  reason: z.string().trim().max(2000, "At most 2000 characters.").default(""),
  /** When those who rely on it were told; left out while they were not. */
  consumersToldOn: day().optional(),
});

export const askInput = z.strictObject({
  models: z.array(modelKey).min(1, "Select at least one model.").max(200, "At most 200 models at a time."),
  about: z.enum(["readiness", "ownership"]).default("readiness"),
  note: z.string().max(1000, "At most 1000 characters.").default(""),
});
