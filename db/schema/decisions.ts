import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant, tsvector } from "./columns";
import { models, useCases } from "./models";
import { businessUnits } from "./org";

/** An architecture decision record. Its text lives in revisions. */
export const adrs = pgTable(
  "adr",
  {
    id: id(),
    ref: text().notNull().unique(),
    title: text().notNull(),
    status: text().$type<"proposed" | "accepted" | "rejected" | "deprecated" | "superseded">().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    modelId: uuid().references(() => models.id),
    patternId: text(),
    /** A person, or the token of an agent that drafted it. */
    authorId: uuid().notNull(),
    supersededById: uuid(),
    currentRevision: integer().notNull(),
    /** Digest of the revision that was accepted; further edits make a new ADR. */
    acceptedDigest: text(),
    decidedAt: instant(),
    reviewBy: date(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    index("adr_by_status").on(t.status, t.ref),
    index("adr_by_model").on(t.modelId),
    index("adr_by_superseder").on(t.supersededById).where(sql`superseded_by_id is not null`),
    index("adr_by_pattern").on(t.patternId).where(sql`pattern_id is not null`),
  ],
);

/** The words of each record's current revision, for search. */
export const adrTexts = pgTable(
  "adr_text",
  {
    adrId: uuid()
      .primaryKey()
      .references(() => adrs.id),
    body: text().notNull(),
    words: tsvector().notNull().generatedAlwaysAs(sql`to_tsvector('english', body)`),
  },
  (t) => [index("adr_text_words").using("gin", t.words)],
);

export const adrRevisions = pgTable(
  "adr_revision",
  {
    id: id(),
    adrId: uuid()
      .notNull()
      .references(() => adrs.id),
    number: integer().notNull(),
    digest: text().notNull(),
    /** The Markdown file as it was written, byte for byte. */
    content: bytea().notNull(),
    authorId: uuid().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [unique("adr_revision_once").on(t.adrId, t.number)],
);

/** What people and agents say about a record: about one section of a revision, or about the whole. */
export const adrComments = pgTable(
  "adr_comment",
  {
    id: id(),
    adrId: uuid()
      .notNull()
      .references(() => adrs.id),
    revision: integer().notNull(),
    /** The section's anchor and its title as they were; null for the record as a whole. */
    section: text(),
    sectionTitle: text(),
    authorId: uuid().notNull(),
    authorKind: text().notNull(),
    text: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [index("adr_comment_by_record").on(t.adrId, t.id)],
);

/** A model follows a reference architecture at a pinned version. */
export const patternAdoptions = pgTable(
  "pattern_adoption",
  {
    id: id(),
    /** Who follows it: a model or a use case, one of the two. */
    modelId: uuid().references(() => models.id),
    useCaseId: uuid().references(() => useCases.id),
    patternId: text().notNull(),
    version: integer().notNull(),
    digest: text().notNull(),
    /** Where the follower departs from the pattern, in the owner's words; empty means full conformance. */
    deviations: text().notNull().default(""),
    adoptedBy: uuid().notNull(),
    adoptedAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [
    index("pattern_adoption_current").on(t.modelId, t.endedAt),
    index("pattern_adoption_by_pattern").on(t.patternId),
    uniqueIndex("pattern_adoption_use_case_once").on(t.useCaseId).where(sql`ended_at is null`),
  ],
);
