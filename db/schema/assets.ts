import { index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { AssetKind, DataClass } from "@/lib/assets/asset";
import type { Platform } from "@/lib/models/model";
import { id, instant } from "./columns";
import { models, modelVersions } from "./models";
import { businessUnits, people } from "./org";

/** What models are made from: a dataset, a feature or a pipeline. */
export const assets = pgTable(
  "asset",
  {
    id: id(),
    kind: text().$type<AssetKind>().notNull(),
    name: text().notNull(),
    description: text().notNull().default(""),
    /** Null while nobody classed it. */
    dataClass: text().$type<DataClass>(),
    platform: text().$type<Platform>().notNull(),
    location: text().notNull().default(""),
    ownerId: uuid().references(() => people.id),
    businessUnitId: uuid()
      .notNull()
      .references(() => businessUnits.id),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    retiredAt: instant(),
    /** Optimistic lock. */
    revision: integer().notNull().default(1),
  },
  (t) => [
    unique().on(t.kind, t.name),
    index("asset_by_unit").on(t.businessUnitId, t.name),
    index("asset_order").on(t.name, t.id),
  ],
);

/** A model, or one of its versions, is made from an asset. */
export const assetLinks = pgTable(
  "asset_link",
  {
    id: id(),
    assetId: uuid()
      .notNull()
      .references(() => assets.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid().references(() => modelVersions.id),
    /** Version or snapshot of the asset, as its system calls it. */
    assetVersion: text().notNull().default(""),
    since: instant().notNull(),
  },
  (t) => [
    unique().on(t.assetId, t.modelId, t.versionId).nullsNotDistinct(),
    index("asset_link_by_model").on(t.modelId),
  ],
);
