import { index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { models } from "./models";
import { reviews } from "./reviews";

/** Which models a round of a review concerns, with what was pinned of each; at position 1 the one it was begun for. */
export const reviewModels = pgTable(
  "review_model",
  {
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    position: integer().notNull(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    patternDigest: text(),
    assessmentDigest: text(),
  },
  (t) => [
    primaryKey({ columns: [t.reviewId, t.round, t.position] }),
    unique("review_model_once").on(t.reviewId, t.round, t.modelId),
    index("review_model_by_model").on(t.modelId, t.reviewId, t.round),
  ],
);

/** Which reference architectures a round follows: adopted by one of its models, or named by the submission (no model). */
export const reviewPatterns = pgTable(
  "review_pattern",
  {
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    position: integer().notNull(),
    patternId: text().notNull(),
    version: integer().notNull(),
    digest: text().notNull(),
    modelId: uuid().references(() => models.id),
    deviations: text().notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.reviewId, t.round, t.position] }),
    index("review_pattern_by_pattern").on(t.patternId, t.reviewId, t.round),
  ],
);
