import { index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { Judged } from "@/lib/maturity/maturity";
import { id, instant } from "./columns";
import { people, teams } from "./org";

/** What a team said of its capability at one time; never changed, the next one is a new row. */
export const maturityAssessments = pgTable(
  "maturity_assessment",
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id),
    contentVersion: integer().notNull(),
    contentDigest: text().notNull(),
    answers: jsonb().$type<Judged[]>().notNull(),
    /** Level by dimension. */
    levels: jsonb().$type<Record<string, number>>().notNull(),
    /** The lowest of them; overlays left out. */
    overall: integer().notNull(),
    answeredBy: uuid()
      .notNull()
      .references(() => people.id),
    answeredAt: instant().notNull(),
  },
  (t) => [index("maturity_by_team").on(t.teamId, t.answeredAt.desc())],
);
