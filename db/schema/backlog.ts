import { index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { BacklogKind, BacklogState, SourceKind } from "@/lib/backlog/backlog";
import { id, instant } from "./columns";
import { models } from "./models";
import { people } from "./org";

/** What the architecture owes, or what the platform cannot do yet. */
export const backlogItems = pgTable("backlog_item", {
  id: id(),
  ref: text().notNull().unique(),
  kind: text().$type<BacklogKind>().notNull(),
  title: text().notNull(),
  /** Of debt what it costs while it is there, of a capability what is wanted. */
  why: text().notNull(),
  justification: text().notNull(),
  /** Effort, in points. */
  points: integer().notNull(),
  /** Of debt its interest in points a quarter, of a capability its value from 1 to 10. */
  gain: integer().notNull(),
  state: text().$type<BacklogState>().notNull(),
  ownerId: uuid().references(() => people.id),
  openedBy: uuid()
    .notNull()
    .references(() => people.id),
  openedAt: instant().notNull(),
  closedAt: instant(),
  closedReason: text(),
  revision: integer().notNull().default(1),
});

export const backlogModels = pgTable(
  "backlog_model",
  {
    id: id(),
    itemId: uuid()
      .notNull()
      .references(() => backlogItems.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
  },
  (t) => [unique("backlog_model_once").on(t.itemId, t.modelId), index("backlog_model_by_model").on(t.modelId)],
);

/** Where an item comes from; `ref` is a reference, or the id of what has none. */
export const backlogSources = pgTable(
  "backlog_source",
  {
    id: id(),
    itemId: uuid()
      .notNull()
      .references(() => backlogItems.id),
    kind: text().$type<SourceKind>().notNull(),
    ref: text().notNull(),
  },
  (t) => [unique("backlog_source_once").on(t.itemId, t.kind, t.ref), index("backlog_source_by_ref").on(t.kind, t.ref)],
);
