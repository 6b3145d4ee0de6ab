import { boolean, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns";
import { models } from "./models";

/** The newest validation of data that a model reads, by suite and what it was run on. */
export const dataValidations = pgTable(
  "data_validation",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    suite: text().notNull(),
    /** Empty where the result does not say. */
    asset: text().notNull(),
    ranAt: instant().notNull(),
    success: boolean().notNull(),
    evaluated: integer().notNull(),
    failed: integer().notNull(),
    unmet: text().array().notNull(),
    sha256: text().notNull(),
    /** It no longer counts: the suite is not run any more. */
    retiredAt: instant(),
  },
  (t) => [unique("data_validation_once").on(t.modelId, t.suite, t.asset)],
);
