import { index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { MatrixCell } from "@/lib/risk/replay";
import { id, instant } from "./columns";
import { models } from "./models";
import { people } from "./org";

/** A tier that the second line set by hand, for a while. */
export const tierOverrides = pgTable(
  "tier_override",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    fromTier: integer().notNull(),
    toTier: integer().notNull(),
    reason: text().notNull(),
    byId: uuid()
      .notNull()
      .references(() => people.id),
    byName: text().notNull(),
    at: instant().notNull(),
    expiresAt: instant().notNull(),
    endedAt: instant(),
    endedWhy: text().$type<"expired" | "withdrawn" | "answered_again">(),
  },
  (t) => [index("tier_override_by_model").on(t.modelId, t.at)],
);

/** Versions of the questionnaire that were put in force, each with what it moved. */
export const riskMethods = pgTable(
  "risk_method",
  {
    id: id(),
    version: integer().notNull(),
    digest: text().notNull(),
    method: text().notNull(),
    reason: text().notNull(),
    moved: integer().notNull(),
    matrix: jsonb().$type<MatrixCell[]>().notNull(),
    adoptedBy: text().notNull(),
    adoptedByName: text().notNull(),
    adoptedAt: instant().notNull(),
  },
  (t) => [index("risk_method_by_time").on(t.adoptedAt)],
);
