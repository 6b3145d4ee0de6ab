import { index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { Before, Evidence, ItemKind, ItemStatus } from "@/lib/reconciliation/reconciliation";
import { id, instant } from "./columns";
import { models } from "./models";
import { findings } from "./reviews";

/** A bulk action of the worklist, with what is needed to take it back. */
export const reconciliationActions = pgTable(
  "reconciliation_action",
  {
    id: id(),
    name: text().notNull(),
    summary: text().notNull(),
    /** How many items it settled. */
    items: integer().notNull(),
    at: instant().notNull(),
    byId: text().notNull(),
    byName: text().notNull(),
    before: jsonb().$type<Before[]>().notNull(),
    undoneAt: instant(),
  },
  (t) => [index("reconciliation_action_by_time").on(t.at)],
);

/** One difference between what was observed and what the inventory says. */
export const reconciliationItems = pgTable(
  "reconciliation_item",
  {
    id: id(),
    kind: text().$type<ItemKind>().notNull(),
    modelId: uuid().references(() => models.id),
    otherId: uuid().references(() => models.id),
    findingId: uuid().references(() => findings.id),
    /** Name of what was seen, where the inventory has no model for it. */
    seenName: text().notNull().default(""),
    evidence: jsonb().$type<Evidence>().notNull(),
    foundAt: instant().notNull(),
    status: text().$type<ItemStatus>().notNull(),
    reason: text().notNull().default(""),
    ignoredUntil: instant(),
    actionId: uuid().references(() => reconciliationActions.id),
    settledAt: instant(),
    settledBy: text(),
  },
  (t) => [
    index("reconciliation_item_open").on(t.status, t.foundAt, t.id),
    index("reconciliation_item_by_model").on(t.modelId),
  ],
);
