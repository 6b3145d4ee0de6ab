import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { Refusal } from "@/lib/core/refusal";
import { sha256Hex } from "@/lib/signing/sha256";

let content: ReadonlyMap<string, Buffer> | null = null;

/** Every version of every content file by its digest: policies, patterns, checklists. Read once. */
function contentFiles(): ReadonlyMap<string, Buffer> {
  const root = path.join(/* turbopackIgnore: true */ process.cwd(), "content");
  content ??= new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)))
      .map((bytes) => [sha256Hex(bytes), bytes]),
  );
  return content;
}

/**
 * The exact bytes of documents that statements pin by digest: assessments, board decisions, decision records, content files.
 * Refuses with the name of one that is not kept any more.
 */
export async function documentsOf(
  read: Reader,
  pinned: readonly { name: string; digest: string }[],
): Promise<{ name: string; digest: string; bytes: Buffer }[]> {
  const digests = sql.param(pinned.map((p) => p.digest));
  const { rows } = await read.execute<{ digest: string; bytes: Buffer }>(sql`
    select digest, content as bytes from assessment where digest = any(${digests}::text[])
    union all select digest, convert_to(content, 'UTF8') from review_decision where digest = any(${digests}::text[])
    union all select digest, content from adr_revision where digest = any(${digests}::text[])`);
  const stored = new Map(rows.map((r) => [r.digest, r.bytes]));
  return pinned.map(({ name, digest }) => {
    const bytes = stored.get(digest) ?? contentFiles().get(digest);
    if (!bytes || sha256Hex(bytes) !== digest)
      throw new Refusal(
        "conflict",
        `The ${name} document ${digest.slice(0, 16)}… that the request pins is not kept here any more, so no complete bundle can be made. Restore the version of content/ that held it.`,
      );
    return { name, digest, bytes };
  });
}
