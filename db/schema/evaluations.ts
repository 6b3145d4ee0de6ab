import { integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { EvaluationState, Option, Weights } from "@/lib/evaluations/evaluation";
import { id, instant } from "./columns";
import { adrs } from "./decisions";

/** Options for one need, weighed and scored. */
export const evaluations = pgTable("evaluation", {
  id: id(),
  ref: text().notNull().unique(),
  title: text().notNull(),
  need: text().notNull(),
  status: text().$type<EvaluationState>().notNull(),
  /** Which criteria: content/evaluations, by id, version and digest. */
  criteriaId: text().notNull(),
  criteriaVersion: integer().notNull(),
  criteriaDigest: text().notNull(),
  options: jsonb().$type<Option[]>().notNull(),
  weights: jsonb().$type<Weights>().notNull(),
  /** Null while the weights are the ones that it began with. */
  weighedAt: instant(),
  /** Key of the chosen option. */
  chosen: text(),
  conclusion: text(),
  adrId: uuid().references(() => adrs.id),
  openedAt: instant().notNull(),
  openedBy: text().notNull(),
  openedByName: text().notNull(),
  concludedAt: instant(),
  concludedByName: text(),
});

/** What an option got of a criterion, and why. No row: not known. */
export const evaluationScores = pgTable(
  "evaluation_score",
  {
    id: id(),
    evaluationId: uuid()
      .notNull()
      .references(() => evaluations.id),
    option: text().notNull(),
    criterion: text().notNull(),
    score: integer().notNull(),
    reason: text().notNull(),
    scoredAt: instant().notNull(),
    scoredByName: text().notNull(),
  },
  (t) => [unique("evaluation_score_once").on(t.evaluationId, t.option, t.criterion)],
);
