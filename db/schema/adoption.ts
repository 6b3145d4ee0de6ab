import { sql } from "drizzle-orm";
import { index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { GapState } from "@/lib/patterns/adoption";
import { id, instant } from "./columns";
import { adrs } from "./decisions";
import { models, useCases } from "./models";
import { people } from "./org";

/** Where a model or use case departs from the pattern it follows: one row for each requirement, with the decision that allows it. */
export const patternDeviations = pgTable(
  "pattern_deviation",
  {
    id: id(),
    /** Who departs: a model or a use case, one of the two. */
    modelId: uuid().references(() => models.id),
    useCaseId: uuid().references(() => useCases.id),
    patternId: text().notNull(),
    /** The pattern's own id and words of the requirement; both null where only the departure as a whole was said. */
    requirement: text(),
    requirementTitle: text(),
    why: text().notNull(),
    adrId: uuid().references(() => adrs.id),
    recordedBy: uuid().notNull(),
    recordedAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [
    index("pattern_deviation_of_model").on(t.modelId).where(sql`ended_at is null`),
    uniqueIndex("pattern_deviation_once").on(t.modelId, t.requirement).where(sql`ended_at is null`),
    uniqueIndex("pattern_deviation_use_case_once").on(t.useCaseId, t.requirement).where(sql`ended_at is null`),
    index("pattern_deviation_by_adr").on(t.adrId).where(sql`adr_id is not null`),
  ],
);

/** An owner says that no pattern fits, and what is missing: the architects' backlog. */
export const patternGaps = pgTable(
  "pattern_gap",
  {
    id: id(),
    /** Whom none fits: a model or a use case, one of the two. */
    modelId: uuid().references(() => models.id),
    useCaseId: uuid().references(() => useCases.id),
    missing: text().notNull(),
    saidBy: uuid()
      .notNull()
      .references(() => people.id),
    saidAt: instant().notNull(),
    state: text().$type<GapState>().notNull(),
    /** Of an answered one: the pattern that fits or will, and what the architects said. */
    patternId: text(),
    answer: text().notNull().default(""),
    answeredBy: uuid().references(() => people.id),
    answeredAt: instant(),
  },
  (t) => [
    uniqueIndex("pattern_gap_open_once").on(t.modelId).where(sql`state in ('open', 'planned')`),
    uniqueIndex("pattern_gap_use_case_open_once").on(t.useCaseId).where(sql`state in ('open', 'planned')`),
    index("pattern_gap_by_state").on(t.state, t.id),
  ],
);
