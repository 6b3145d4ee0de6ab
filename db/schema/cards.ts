import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns";
import { models, modelVersions } from "./models";

/** A model card as it came; the newest of a version is in force. */
export const modelCards = pgTable(
  "model_card",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    content: bytea().notNull(),
    sha256: text().notNull(),
    importedBy: text().notNull(),
    importedByName: text().notNull(),
    importedAt: instant().notNull(),
  },
  (t) => [index("model_card_by_version").on(t.versionId, t.importedAt, t.id)],
);
