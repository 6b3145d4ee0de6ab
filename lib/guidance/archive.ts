import "server-only";
import { createHash } from "node:crypto";
import { type Zippable, zipSync } from "fflate";
import type { Template } from "@/lib/content/load";

export type Archive = { name: string; bytes: Buffer; digest: string };

const made = new WeakMap<Template, Archive>();

/**
 * A template as a ZIP whose bytes depend on nothing but its files: entries by path, one date for all, stored and not compressed,
 * because a newer compressor would give other bytes. `digest` is its SHA-256 (hex).
 */
export function archiveOf(template: Template): Archive {
  const before = made.get(template);
  if (before) return before;
  const entries: Zippable = {};
  for (const file of template.files)
    entries[`${template.id}/${file.path}`] = [file.bytes, { level: 0, mtime: earliest, os: 3, attrs: readable << 16 }];
  const bytes = Buffer.from(zipSync(entries));
  const archive = {
    name: `${template.id}-v${template.version}.zip`,
    bytes,
    digest: createHash("sha256").update(bytes).digest("hex"),
  };
  made.set(template, archive);
  return archive;
}

/** The first day that a ZIP can say. ZIP dates are local times without a zone, so it is made as one. */
const earliest = new Date(1980, 0, 1, 12);
/** Regular file, rw-r--r--, as Unix keeps it in the upper half of the attributes. */
const readable = 0o100644;
