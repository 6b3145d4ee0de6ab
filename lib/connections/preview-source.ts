import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { openSource } from "@/lib/connectors/sources";
import type { SourceSystem } from "@/lib/connectors/systems";
import { lookAtGitFiles, overlaid } from "@/lib/sources/git-files";
import { type Connection, filesOf, targetOf } from "./find";
import { screenLimits } from "./test";

const shown = 20;

/** What a first read of a source would bring. */
export type SourcePreview = {
  brings: "facts";
  subjects: number;
  /** There are more than the preview looked at. */
  more: boolean;
  observations: number;
  /** Subjects that the source itself says are models of the inventory. */
  matched: number;
  unreadable: number;
  /** Those that are no model yet come first: somebody has to map them. */
  first: { subject: string; declared: string | null; model: string | null; keys: string[] }[];
};

/** Looks at a source's first page: its subjects, and which of them are models. Writes nothing. */
export async function previewSource(
  read: Reader,
  connection: Connection,
  system: SourceSystem,
  now: Date,
): Promise<SourcePreview> {
  const files = overlaid(await filesOf(read, connection.id), await lookAtGitFiles(connection, screenLimits));
  const client = await openSource(system, targetOf(connection), files, screenLimits);
  try {
    const page = await client.read({ token: null, size: 1000, now });
    const declared = page.subjects.flatMap((s) => s.declared ?? []);
    const { rows } = await read.execute<{ name: string }>(
      sql`select name from model where name in (select jsonb_array_elements_text(${JSON.stringify(declared)}::jsonb))`,
    );
    const names = new Set(rows.map((r) => r.name));
    const subjects = page.subjects.map((s) => ({
      subject: s.subject,
      declared: s.declared,
      model: s.declared !== null && names.has(s.declared) ? s.declared : null,
      keys: s.observations.map((o) => o.key),
    }));
    return {
      brings: "facts",
      subjects: subjects.length,
      more: page.next !== null,
      observations: subjects.reduce((n, s) => n + s.keys.length, 0),
      matched: subjects.filter((s) => s.model !== null).length,
      unreadable: page.bad.length,
      first: subjects
        .sort((a, b) => Number(a.model !== null) - Number(b.model !== null) || (a.subject < b.subject ? -1 : 1))
        .slice(0, shown),
    };
  } finally {
    client.close();
  }
}
