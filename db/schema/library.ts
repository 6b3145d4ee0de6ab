import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { LibraryKind } from "@/lib/library/library";
import { bytea, id, instant } from "./columns";
import { people } from "./org";

/** The organisation's own revisions over the patterns, standards, playbooks and runbooks that are shipped. */
export const contentRevisions = pgTable(
  "content_revision",
  {
    id: id(),
    kind: text().$type<LibraryKind>().notNull(),
    contentId: text().notNull(),
    /** The shipped version that it is a revision of. */
    version: integer().notNull(),
    /** Its own number among the revisions of that text. */
    revision: integer().notNull(),
    digest: text().notNull(),
    /** The file as it was written, byte for byte. */
    content: bytea().notNull(),
    /** The shipped text that it was made from: the base of a later merge. */
    baseDigest: text().notNull(),
    base: bytea().notNull(),
    reason: text().notNull(),
    authorId: uuid()
      .notNull()
      .references(() => people.id),
    createdAt: instant().notNull(),
    /** Replaced by a later revision or given up for the shipped text; null while in force. */
    endedAt: instant(),
  },
  (t) => [
    unique("content_revision_number").on(t.kind, t.contentId, t.revision),
    uniqueIndex("content_revision_in_force").on(t.kind, t.contentId).where(sql`ended_at is null`),
    index("content_revision_by_digest").on(t.digest),
  ],
);
