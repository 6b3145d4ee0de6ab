import { index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { MilestoneState } from "@/lib/roadmap/milestone";
import { backlogItems } from "./backlog";
import { id, instant } from "./columns";
import { people } from "./org";

/** What is to be reached by the end of a quarter ("2026-Q4") on the way to the target state. */
export const milestones = pgTable(
  "milestone",
  {
    id: id(),
    ref: text().notNull().unique(),
    title: text().notNull(),
    outcome: text().notNull(),
    /** A phase of the blueprint, where it belongs to one. */
    phase: text(),
    quarter: text().notNull(),
    /** What was said first. */
    firstQuarter: text().notNull(),
    state: text().$type<MilestoneState>().notNull(),
    ownerId: uuid().references(() => people.id),
    reachedAt: instant(),
    closedReason: text(),
    addedAt: instant().notNull(),
    addedBy: uuid()
      .notNull()
      .references(() => people.id),
  },
  (t) => [index("milestone_by_quarter").on(t.quarter, t.ref)],
);

/** One move of the quarter. */
export const milestoneMoves = pgTable(
  "milestone_move",
  {
    id: id(),
    milestoneId: uuid()
      .notNull()
      .references(() => milestones.id),
    fromQuarter: text().notNull(),
    toQuarter: text().notNull(),
    reason: text().notNull(),
    movedBy: uuid()
      .notNull()
      .references(() => people.id),
    movedAt: instant().notNull(),
  },
  (t) => [index("milestone_move_by_milestone").on(t.milestoneId, t.movedAt)],
);

/** What of the backlog it takes. */
export const milestoneItems = pgTable(
  "milestone_item",
  {
    id: id(),
    milestoneId: uuid()
      .notNull()
      .references(() => milestones.id),
    itemId: uuid()
      .notNull()
      .references(() => backlogItems.id),
  },
  (t) => [unique("milestone_item_once").on(t.milestoneId, t.itemId), index("milestone_item_by_item").on(t.itemId)],
);
