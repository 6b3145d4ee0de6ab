import { integer, pgTable, text } from "drizzle-orm/pg-core";
import type { ImageType } from "@/lib/images/image";
import { instant } from "./columns";

/** Pictures in Markdown texts, named in them by the digest of their bytes; the bytes are in the blob store beside evidence. */
export const images = pgTable("image", {
  sha256: text().primaryKey(),
  name: text().notNull(),
  mediaType: text().$type<ImageType>().notNull(),
  /** Bytes. */
  size: integer().notNull(),
  /** Pixels. */
  width: integer().notNull(),
  height: integer().notNull(),
  uploadedBy: text().notNull(),
  uploadedAt: instant().notNull(),
  /** When somebody last sent the same bytes. */
  sentAt: instant().notNull(),
  /** When a text was first seen to refer to it, after which it is never removed. */
  referredAt: instant(),
});
