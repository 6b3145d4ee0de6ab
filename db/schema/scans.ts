import { index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import type { Severity } from "@/lib/scans/scan";
import { id, instant } from "./columns";
import { models } from "./models";

/** What a scanner found about a model; open until a later scan by the same tool does not see it. */
export const securityFindings = pgTable(
  "security_finding",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    /** Tool and category. */
    tool: text().notNull(),
    fingerprint: text().notNull(),
    rule: text().notNull(),
    severity: text().$type<Severity>().notNull(),
    title: text().notNull(),
    location: text(),
    firstSeenAt: instant().notNull(),
    /** The last time it was opened: a finding may come back. */
    openedAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    closedAt: instant(),
    closedWhy: text().$type<"fixed" | "suppressed" | "not_affected">(),
  },
  (t) => [
    unique("security_finding_once").on(t.modelId, t.tool, t.fingerprint),
    index("security_finding_open").on(t.modelId, t.severity),
  ],
);

/** The newest scan by each tool. */
export const securityScans = pgTable(
  "security_scan",
  {
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    tool: text().notNull(),
    scannedAt: instant().notNull(),
    sha256: text().notNull(),
    findings: integer().notNull(),
  },
  (t) => [primaryKey({ name: "security_scan_pk", columns: [t.modelId, t.tool] })],
);
