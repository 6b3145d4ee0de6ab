import { sql } from "drizzle-orm";
import { index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { Expertise } from "@/lib/reviews/reviewers";
import { id, instant } from "./columns";
import { people } from "./org";
import { reviews } from "./reviews";

/** What someone knows, as they or an architect said. */
export const personExpertise = pgTable(
  "person_expertise",
  {
    id: id(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    field: text().$type<Expertise>().notNull(),
    saidBy: uuid()
      .notNull()
      .references(() => people.id),
    saidAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [uniqueIndex("person_expertise_once").on(t.personId, t.field).where(sql`ended_at is null`)],
);

/** Who reads a review for the board, with what made them able to challenge it when they were named. */
export const reviewReviewers = pgTable(
  "review_reviewer",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    expertise: text().notNull(),
    independence: text().notNull(),
    standing: text().notNull(),
    assignedBy: uuid()
      .notNull()
      .references(() => people.id),
    assignedAt: instant().notNull(),
    endedAt: instant(),
    endedReason: text(),
  },
  (t) => [
    uniqueIndex("review_reviewer_once").on(t.reviewId, t.personId).where(sql`ended_at is null`),
    index("review_reviewer_by_person").on(t.personId).where(sql`ended_at is null`),
  ],
);

/** Advice that the author of a review sought. */
export const reviewAdvice = pgTable(
  "review_advice",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    adviserId: uuid()
      .notNull()
      .references(() => people.id),
    question: text().notNull(),
    askedBy: uuid()
      .notNull()
      .references(() => people.id),
    askedAt: instant().notNull(),
    /** In the adviser's own words; null while they have not answered. */
    answer: text(),
    answeredAt: instant(),
    /** What the author did with it. */
    done: text(),
    doneBy: uuid().references(() => people.id),
    doneAt: instant(),
  },
  (t) => [
    index("review_advice_by_review").on(t.reviewId, t.askedAt),
    index("review_advice_waiting").on(t.adviserId).where(sql`answered_at is null`),
  ],
);
