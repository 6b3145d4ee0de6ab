import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { Fate, RowFate } from "@/lib/imports/import";
import { bytea, id, instant } from "./columns";

/** A file of models that somebody brought. */
export const modelImports = pgTable(
  "model_import",
  {
    id: id(),
    fileName: text().notNull(),
    sha256: text().notNull(),
    size: integer().notNull(),
    encoding: text().notNull(),
    content: bytea().notNull(),
    counts: jsonb().$type<Record<Fate, number>>().notNull(),
    state: text().$type<"checked" | "applied">().notNull(),
    createdBy: text().notNull(),
    createdByName: text().notNull(),
    createdAt: instant().notNull(),
    appliedAt: instant(),
  },
  (t) => [index("model_import_by_person").on(t.createdBy, t.createdAt)],
);

/** What one row of the file would do. */
export const modelImportRows = pgTable(
  "model_import_row",
  {
    importId: uuid()
      .notNull()
      .references(() => modelImports.id),
    line: integer().notNull(),
    name: text().notNull(),
    fate: text().$type<Fate>().notNull(),
    changes: jsonb().$type<RowFate["changes"]>().notNull(),
    faults: jsonb().$type<RowFate["faults"]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.line] }),
    index("model_import_row_by_fate").on(t.importId, t.fate, t.line),
  ],
);
