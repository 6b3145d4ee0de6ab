import { sql } from "drizzle-orm";
import { index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { Claim } from "@/lib/decisions/claims";
import type { AdrStatus } from "@/lib/decisions/madr";
import { bytea, exactJson, id, instant } from "./columns";
import { adrs } from "./decisions";
import { models } from "./models";
import { businessUnits } from "./org";

/** Where decision records come from: imported files, a Git repository, a mounted folder. */
export const adrSources = pgTable("adr_source", {
  id: id(),
  kind: text().$type<"files" | "git" | "folder">().notNull(),
  name: text().notNull().unique(),
  /** URL of the repository or path of the folder; null for imported files. */
  address: text(),
  branch: text(),
  globs: text().array().notNull().default([]),
  businessUnitId: uuid().references(() => businessUnits.id),
  modelId: uuid().references(() => models.id),
  createdBy: uuid().notNull(),
  createdAt: instant().notNull(),
  /** Commit of the last complete sync. */
  commit: text(),
  syncedAt: instant(),
  triedAt: instant(),
  fault: text(),
  endedAt: instant(),
});

/** What a file says about itself and about other records. */
export type FileClaims = { status: AdrStatus | null; statusText: string | null; date: string | null; links: Claim[] };

/** One file of a source and the record it became. */
export const adrFiles = pgTable(
  "adr_file",
  {
    id: id(),
    sourceId: uuid()
      .notNull()
      .references(() => adrSources.id),
    path: text().notNull(),
    adrId: uuid().references(() => adrs.id),
    /** SHA-256 of the file as it was last seen, whether or not the record took it over. */
    digest: text().notNull(),
    /** Id of the blob in its repository; null where there is none. */
    blob: text(),
    state: text().$type<"same" | "drift" | "removed" | "refused">().notNull(),
    reason: text(),
    /** The file's bytes where they are not the record's. */
    content: bytea(),
    claims: exactJson<FileClaims>().notNull(),
    seenAt: instant().notNull(),
  },
  (t) => [
    unique("adr_file_once").on(t.sourceId, t.path),
    index("adr_file_by_record").on(t.adrId),
    index("adr_file_by_state").on(t.state, t.adrId).where(sql`state <> 'same'`),
  ],
);
