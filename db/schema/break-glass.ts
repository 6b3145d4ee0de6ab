import { sql } from "drizzle-orm";
import { date, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { Passed, Verdict } from "@/lib/break-glass/break-glass";
import type { Role } from "@/lib/core/rights";
import { bytea, id, instant } from "./columns";
import { incidents, models, modelVersions } from "./models";
import { people } from "./org";
import { releases } from "./releases";
import { credentials, statements } from "./signing";

/** The gate opened in an emergency by two people, for one digest of one release, for hours; looked at afterwards by a third. */
export const breakGlasses = pgTable(
  "break_glass",
  {
    id: id(),
    ref: text().notNull().unique(),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    environment: text().notNull(),
    digest: text().notNull(),
    hours: integer().notNull(),
    justification: text().notNull(),
    /** What the gate named when it was asked for. */
    passes: jsonb().$type<readonly Passed[]>().notNull(),
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    requestedBy: uuid()
      .notNull()
      .references(() => people.id),
    requestedAt: instant().notNull(),
    lapsesAt: instant().notNull(),
    confirmedBy: uuid().references(() => people.id),
    confirmedAs: text().$type<Role>(),
    confirmedAt: instant(),
    confirmationSha256: bytea().references(() => statements.sha256),
    credentialId: uuid().references(() => credentials.id),
    until: instant(),
    endedBy: uuid().references(() => people.id),
    endedAt: instant(),
    endReason: text().notNull().default(""),
    ranOutAt: instant(),
    reviewDueOn: date(),
    reviewedBy: uuid().references(() => people.id),
    reviewedAt: instant(),
    verdict: text().$type<Verdict>(),
    findings: text().notNull().default(""),
    followUp: text().notNull().default(""),
    incidentId: uuid().references(() => incidents.id),
    escalatedAt: instant(),
    told: uuid().array().notNull().default(sql`'{}'`),
  },
  (t) => [
    index("break_glass_by_release").on(t.releaseId, t.requestedAt),
    index("break_glass_by_model").on(t.modelId, t.requestedAt),
    index("break_glass_by_time").on(t.requestedAt.desc(), t.id.desc()),
    index("break_glass_unreviewed").on(t.reviewDueOn).where(sql`confirmed_at is not null and reviewed_at is null`),
  ],
);
