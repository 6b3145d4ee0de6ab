import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { OutcomeKind, ReviewState } from "@/lib/incident-reviews/incident-review";
import { id, instant } from "./columns";
import { incidents, models } from "./models";
import { people } from "./org";

/** What was learnt from an incident, without blame. */
export const incidentReviews = pgTable(
  "incident_review",
  {
    id: id(),
    ref: text().notNull().unique(),
    incidentId: uuid()
      .notNull()
      .unique()
      .references(() => incidents.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    ownerId: uuid()
      .notNull()
      .references(() => people.id),
    dueOn: date().notNull(),
    state: text().$type<ReviewState>().notNull(),
    facts: text().notNull().default(""),
    causes: text().array().notNull().default(sql`'{}'`),
    lessons: text().notNull().default(""),
    openedBy: uuid()
      .notNull()
      .references(() => people.id),
    openedAt: instant().notNull(),
    publishedBy: uuid().references(() => people.id),
    publishedAt: instant(),
    revision: integer().notNull().default(1),
  },
  (t) => [
    index("incident_review_by_owner").on(t.ownerId, t.dueOn).where(sql`published_at is null`),
    index("incident_review_by_model").on(t.modelId),
  ],
);

/** What follows from a review: a condition, a change of a text of the library, or debt. */
export const incidentOutcomes = pgTable(
  "incident_outcome",
  {
    id: id(),
    incidentReviewId: uuid()
      .notNull()
      .references(() => incidentReviews.id),
    kind: text().$type<OutcomeKind>().notNull(),
    text: text().notNull(),
    /** CON- or DEB-reference, or kind/id of the text. */
    ref: text().notNull(),
    addedBy: uuid()
      .notNull()
      .references(() => people.id),
    addedAt: instant().notNull(),
  },
  (t) => [
    index("incident_outcome_by_review").on(t.incidentReviewId, t.addedAt),
    index("incident_outcome_by_ref").on(t.kind, t.ref),
  ],
);
