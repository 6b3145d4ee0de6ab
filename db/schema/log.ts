import { bigint, index, integer, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns";

/** What a command or a signature left behind, written in the command's own transaction. Append-only. */
export const logEntries = pgTable(
  "log_entry",
  {
    id: id(),
    kind: text().$type<"command" | "signature">().notNull(),
    name: text().notNull(),
    at: instant().notNull(),
    actorKind: text().notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    subjectRef: text().notNull(),
    /** The model the entry is about, so that a model page shows its whole history in one index scan. */
    modelId: uuid(),
    summary: text().notNull(),
    /** The exact bytes whose hash is the leaf. */
    leaf: bytea().notNull(),
    /** The exact bytes of the entry's body; its SHA-256 is in the leaf. Null for a signature leaf. */
    body: bytea(),
    requestId: text().notNull(),
  },
  (t) => [
    index("log_entry_by_subject").on(t.subjectKind, t.subjectId, t.id),
    index("log_entry_by_model").on(t.modelId, t.id),
    index("log_entry_by_actor").on(t.actorId, t.id),
    index("log_entry_by_name").on(t.name, t.id),
    index("log_entry_by_at").on(t.at, t.id),
  ],
);

/** The models that an entry concerns when there are several: a bulk action is one entry in each one's history. */
export const logEntryModels = pgTable(
  "log_entry_model",
  {
    entryId: uuid().notNull(),
    modelId: uuid().notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.entryId] })],
);

/** Entries that wait for an index, in the order in which the database took them. The sequencer empties it. */
export const logQueue = pgTable("log_queue", {
  entryId: uuid().notNull(),
  seq: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
});

/** The gap-free sequence. */
export const logLeaves = pgTable("log_leaf", {
  idx: bigint({ mode: "number" }).primaryKey(),
  entryId: uuid().notNull().unique(),
  hash: bytea().notNull(),
});

/** Hashes at tile heights: level L holds the root of 256^L leaves (L >= 1; level 0 is log_leaf). */
export const logNodes = pgTable(
  "log_node",
  { level: smallint().notNull(), n: bigint({ mode: "number" }).notNull(), hash: bytea().notNull() },
  (t) => [primaryKey({ columns: [t.level, t.n] })],
);

/** Number of sequenced leaves. One row. */
export const logHead = pgTable("log_head", { id: integer().primaryKey(), size: bigint({ mode: "number" }).notNull() });

/** A signed tree head (C2SP checkpoint note), signed only after its leaves are committed. */
export const logCheckpoints = pgTable("log_checkpoint", {
  size: bigint({ mode: "number" }).primaryKey(),
  root: bytea().notNull(),
  note: text().notNull(),
  signedAt: instant().notNull(),
});

/** Work to be done after a command, written in its transaction. */
export const jobs = pgTable(
  "job",
  {
    id: id(),
    name: text().notNull(),
    payload: text().notNull(),
    /** At most one waiting or running job carries a given key. */
    uniqueKey: text(),
    state: text().$type<"waiting" | "running" | "done" | "failed">().notNull().default("waiting"),
    runAt: instant().notNull(),
    attempts: integer().notNull().default(0),
    maxAttempts: integer().notNull().default(5),
    lockedUntil: instant(),
    lastError: text(),
    createdAt: instant().notNull(),
    finishedAt: instant(),
  },
  (t) => [index("job_due").on(t.state, t.runAt)],
);
