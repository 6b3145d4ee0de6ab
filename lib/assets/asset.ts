import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { modelKey, personKey, unitKey } from "@/lib/models/inputs";
import { type Platform, platforms } from "@/lib/models/model";

/** Vocabulary of what models are made from. */
export const assetKinds = ["dataset", "feature", "pipeline"] as const;
export type AssetKind = (typeof assetKinds)[number];

export const assetKindName: Record<AssetKind, string> = {
  dataset: "Dataset",
  feature: "Feature",
  pipeline: "Pipeline",
};

/** What the data is, mildest first; the last two are personal data (GDPR Art. 4(1) and Art. 9). */
export const dataClasses = ["public", "internal", "confidential", "personal", "special_category"] as const;
export type DataClass = (typeof dataClasses)[number];

export const dataClassName: Record<DataClass, string> = {
  public: "Public",
  internal: "Internal",
  confidential: "Confidential",
  personal: "Personal data",
  special_category: "Special category of personal data",
};

const name = z.string().trim().min(2, "At least 2 characters.").max(200, "At most 200 characters.");
const description = z.string().max(4000, "At most 4000 characters.");
const location = z.string().trim().max(2000, "At most 2000 characters.");

export const assetInput = z.strictObject({
  kind: z.enum(assetKinds, "Choose a kind."),
  name,
  description: description.default(""),
  dataClass: z.enum(dataClasses, "Choose a class.").optional(),
  platform: z.enum(platforms, "Choose a platform."),
  /** Table, path or address. */
  location: location.default(""),
  businessUnit: unitKey,
  /** Left out: the person who enters it. */
  owner: personKey.optional(),
});

/** The id of an asset. */
const assetKey = z.uuid("An asset's id, from the list of assets.");

export const assetEdit = z.strictObject({
  asset: assetKey,
  revision: whole(z.number().int().min(1).max(1_000_000_000)),
  name: name.optional(),
  description: description.optional(),
  dataClass: z.enum(dataClasses).nullable().optional(),
  platform: z.enum(platforms).optional(),
  location: location.optional(),
  businessUnit: unitKey.optional(),
  owner: personKey.nullable().optional(),
  retired: z.boolean().optional(),
});

export const assetLinkInput = z.strictObject({
  asset: assetKey,
  model: modelKey,
  /** Left out: the model as a whole. */
  version: z.string().min(1).max(120).optional(),
  assetVersion: z.string().trim().max(200, "At most 200 characters.").default(""),
});

export const assetUnlinkInput = z.strictObject({
  asset: assetKey,
  model: modelKey,
  version: z.string().min(1).max(120).optional(),
});

export const assetGetInput = z.strictObject({ asset: assetKey });

export type AssetRow = {
  id: string;
  kind: AssetKind;
  name: string;
  description: string;
  dataClass: DataClass | null;
  platform: Platform;
  location: string;
  owner: { name: string; email: string } | null;
  businessUnitId: string;
  unit: string;
  unitName: string;
  models: number;
  retiredAt: string | null;
  revision: number;
};

/** Whether the actor may change an asset, or say what is made from it. */
export function mayEditAsset(actor: Actor, asset: { businessUnitId: string }): Verdict {
  if (!holds(actor, "inventory:write"))
    return no("forbidden", "Editing an asset needs the role model owner, architect or administrator.");
  return holds(actor, "inventory:write", asset.businessUnitId)
    ? yes
    : no("forbidden", "This asset belongs to another business unit. Ask someone with a role there.");
}
