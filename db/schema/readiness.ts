import { boolean, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { CheckState, UnknownCause } from "@/lib/checks/check";
import { id, instant } from "./columns";
import { models } from "./models";

/** How an item stood for a model when it was last assessed; a projection, never what a decision rests on. */
export const readinessItems = pgTable(
  "readiness_item",
  {
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    itemId: text().notNull(),
    required: boolean().notNull(),
    state: text().$type<CheckState>().notNull(),
    cause: text().$type<UnknownCause>(),
    /** Rests on a person's word where facts could decide. */
    byHand: boolean().notNull(),
    since: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.itemId] }), index("readiness_item_by_item").on(t.itemId, t.modelId)],
);

/** What an assessment came to, one row whenever that changed. */
export const readinessSteps = pgTable(
  "readiness_step",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    at: instant().notNull(),
    digest: text().notNull(),
    pass: integer().notNull(),
    fail: integer().notNull(),
    unknown: integer().notNull(),
    waived: integer().notNull(),
    total: integer().notNull(),
  },
  (t) => [index("readiness_step_by_model").on(t.modelId, t.at.desc())],
);
