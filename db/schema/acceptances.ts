import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { GivenPart } from "@/lib/acceptances/acceptance";
import type { Needs, RiskStatement } from "@/lib/readiness/risk-acceptance";
import { id, instant } from "./columns";
import { models } from "./models";
import { people } from "./org";
import { reviews } from "./reviews";

/** A risk of a review, borne until a day by whoever may accept it. */
export const riskAcceptances = pgTable(
  "risk_acceptance",
  {
    id: id(),
    ref: text().notNull().unique(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    /** As the submission named it. */
    risk: text().notNull(),
    treatment: text().notNull(),
    riskOwner: text().notNull(),
    submissionDigest: text(),
    reason: text().notNull(),
    statement: jsonb().$type<RiskStatement>().notNull(),
    /** The model's tier when it was asked; null counts as tier 1. */
    tier: integer(),
    renewal: integer().notNull(),
    needs: jsonb().$type<Needs>().notNull(),
    given: jsonb().$type<GivenPart[]>().notNull().default([]),
    requestedBy: uuid()
      .notNull()
      .references(() => people.id),
    requestedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    refusedBy: uuid().references(() => people.id),
    refusedAt: instant(),
    refusedReason: text(),
    endedBy: uuid().references(() => people.id),
    endedAt: instant(),
    /** Days before the end of which was warned. */
    warned: integer().array().notNull().default(sql`'{}'`),
  },
  (t) => [index("risk_acceptance_by_review").on(t.reviewId, t.requestedAt)],
);
