import { z } from "zod";
import { manyOf } from "@/lib/core/many";
import { day } from "@/lib/core/when";
import { legalClasses, modelKinds, platforms, servingTypes, stages } from "./model";

/** Orders of the list; each ends in the name, which is unique. */
export const modelOrders = ["tier", "name", "stage", "released"] as const;
export type ModelOrder = (typeof modelOrders)[number];

export const orderName: Record<ModelOrder, string> = {
  tier: "tier, then name",
  name: "name",
  stage: "stage, then name",
  released: "last release, newest first",
};

export const modelFilter = {
  /** Business units (slugs or ids) and everything below them; "none" for models that belong to no unit. */
  unit: manyOf(z.string().max(120)),
  /** 1 to 4, or "none". */
  tier: manyOf(z.enum(["1", "2", "3", "4", "none"], "Tier 1 to 4, or none.")),
  stage: manyOf(z.enum(stages)),
  /** Person (e-mail address or id), or "none". */
  owner: z.string().max(254).optional(),
  platform: manyOf(z.enum(platforms)),
  kind: manyOf(z.enum(modelKinds)),
  serving: manyOf(z.enum(servingTypes)),
  /** Connection id, or "manual" for models that were entered by hand. */
  source: z.string().max(80).optional(),
  /** What the last readiness assessment shows at least one of. */
  readiness: manyOf(z.enum(["fail", "unknown", "ready", "none"])),
  gate: manyOf(z.enum(["allow", "deny", "unknown", "none"])),
  useCase: z.string().max(40).optional(),
  legalClass: manyOf(z.enum([...legalClasses, "none"])),
  /** Whether an end of life is planned. */
  ends: z.enum(["yes", "no"]).optional(),
  /** Entered the inventory on this day or later. */
  enteredSince: day().optional(),
  /** Came into its stage on this day or later, or has stood there since before it. */
  movedSince: day().optional(),
  notMovedSince: day().optional(),
  /** The tier has to be scored again, or was set by hand. */
  tierMark: z.enum(["rescore", "overridden"]).optional(),
  team: z.string().max(120).optional(),
  q: z.string().trim().max(200).optional(),
  /** Only these names. */
  ids: manyOf(z.string().max(400)),
};

export const modelListInput = z.strictObject({
  ...modelFilter,
  order: z.enum(modelOrders).default("tier"),
  after: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ModelList = z.output<typeof modelListInput>;

export const modelExportInput = z.strictObject({ ...modelFilter, order: z.enum(modelOrders).default("tier") });
