import { index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns";
import { connections, models } from "./models";
import { people } from "./org";

/** What a source of facts calls the things it observes, and which model each is; null: no model yet. */
export const sourceSubjects = pgTable(
  "source_subject",
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id),
    subject: text().notNull(),
    /** The model that the source itself names. */
    declared: text(),
    modelId: uuid().references(() => models.id),
    matchedBy: text().$type<"declared" | "person">(),
    mappedBy: uuid().references(() => people.id),
    mappedAt: instant(),
    /** Keys of the facts that it told at the last read. */
    keys: text().array().notNull().default([]),
    firstSeenAt: instant(),
    lastSeenAt: instant(),
  },
  (t) => [
    primaryKey({ name: "source_subject_pk", columns: [t.connectionId, t.subject] }),
    index("source_subject_model").on(t.modelId),
  ],
);

/** A file of definitions for a source that has no API for them. */
export const sourceFiles = pgTable(
  "source_file",
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id),
    name: text().notNull(),
    content: text().notNull(),
    sha256: text().notNull(),
    definitions: integer().notNull(),
    uploadedBy: text().notNull(),
    uploadedAt: instant().notNull(),
    /** Of a file that is read from Git: the commit at which this content came, and its blob. */
    gitCommit: text(),
    gitBlob: text(),
  },
  (t) => [unique("source_file_once").on(t.connectionId, t.name)],
);
