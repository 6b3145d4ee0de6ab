import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { UnknownCause } from "@/lib/checks/check";
import type { Aggregate, AssumptionState, SubjectOutcome } from "@/lib/decision-checks/assumption";
import { id, instant } from "./columns";
import { adrs } from "./decisions";
import { models } from "./models";

/** A check of a decision record, as its current revision words it, and what came of it last. */
export const adrChecks = pgTable(
  "adr_check",
  {
    id: id(),
    adrId: uuid()
      .notNull()
      .references(() => adrs.id),
    /** The id that its author gave it, and its place in the record. */
    key: text().notNull(),
    place: integer().notNull(),
    title: text().notNull(),
    /** CEL over a model's attributes; null for what the record itself is about. */
    scope: text(),
    /** How the models' numbers become one value; null when each model answers for itself. */
    aggregate: text().$type<Aggregate>(),
    factKey: text(),
    expression: text().notNull(),
    state: text().$type<AssumptionState>().notNull(),
    cause: text().$type<UnknownCause>(),
    why: text().notNull(),
    passing: integer().notNull().default(0),
    failing: integer().notNull().default(0),
    unknown: integer().notNull().default(0),
    since: instant().notNull(),
    evaluatedAt: instant(),
  },
  (t) => [unique("adr_check_once").on(t.adrId, t.key), index("adr_check_by_state").on(t.state, t.adrId)],
);

/** What a model in a check's scope answered, and the recorded facts that the answer rests on. */
export const adrCheckSubjects = pgTable(
  "adr_check_subject",
  {
    checkId: uuid()
      .notNull()
      .references(() => adrChecks.id, { onDelete: "cascade" }),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    outcome: text().$type<SubjectOutcome>().notNull(),
    cause: text().$type<UnknownCause>(),
    why: text().notNull(),
    factIds: uuid().array().notNull().default([]),
    since: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.checkId, t.modelId] }),
    index("adr_check_subject_failing").on(t.modelId).where(sql`outcome = 'fail'`),
  ],
);

/** A check of an accepted decision broke, and its owners were asked to look at it again. */
export const adrCheckBreaks = pgTable(
  "adr_check_break",
  {
    id: id(),
    checkId: uuid()
      .notNull()
      .references(() => adrChecks.id),
    adrId: uuid()
      .notNull()
      .references(() => adrs.id),
    raisedAt: instant().notNull(),
    why: text().notNull(),
    answeredAt: instant(),
    closedAt: instant(),
  },
  (t) => [
    uniqueIndex("adr_check_break_open_once").on(t.checkId).where(sql`closed_at is null`),
    index("adr_check_break_by_record").on(t.adrId, t.raisedAt),
  ],
);
