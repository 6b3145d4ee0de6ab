import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { dropBlob } from "@/lib/evidence/blobs";
import type { JobHandlers } from "@/lib/jobs/job";

/** Days after it was last sent in which a picture waits for a text: a draft may lie in somebody's browser that long. */
export const graceDays = 90;
/** Pictures looked at in one night, at most. */
const most = 500;

type Pruned = { removed: number; referred: number };

/**
 * Removes pictures that were sent long ago and that no text refers to. Every column of every table is looked through, so that a
 * text of a kind that comes later counts too; only the log is left out, which cites what tables hold.
 */
export const pruneImages = command({
  name: "image.unused.removed",
  title: "Remove pictures that no text refers to",
  http: null,
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { now }): Promise<Done<Pruned> | Unchanged<Pruned>> => {
    const cutoff = new Date(now.getTime() - graceDays * 86_400_000).toISOString();
    const { rows: old } = await tx.execute<{ sha256: string }>(sql`
      select sha256 from image where referred_at is null and sent_at < ${cutoff} order by sent_at limit ${most} for update`);
    if (old.length === 0) return { unchanged: { removed: 0, referred: 0 } };
    const seen = await referredTo(tx);
    const referred = old.filter((i) => seen.has(i.sha256)).map((i) => i.sha256);
    await tx.execute(sql`
      update image set referred_at = ${now.toISOString()} where sha256 = any(${`{${referred.join(",")}}`}::text[])`);
    const unused = old.filter((i) => !seen.has(i.sha256)).map((i) => i.sha256);
    const { rows: removed } = await tx.execute<{ sha256: string; name: string; size: number; evidence: boolean }>(sql`
      delete from image where sha256 = any(${`{${unused.join(",")}}`}::text[])
      returning sha256, name, size, exists (select 1 from evidence_file e where e.sha256 = image.sha256) as evidence`);
    const result = { removed: removed.length, referred: referred.length };
    if (removed.length === 0) return { unchanged: result };
    // While the rows are locked: who sends the same picture now waits, and then stores its bytes anew.
    for (const image of removed) if (!image.evidence) await dropBlob(image.sha256);
    return {
      result,
      entry: {
        subject: { kind: "images", id: newId(), ref: "images" },
        summary: `removed ${removed.length === 1 ? "a picture" : `${removed.length} pictures`} that no text has referred to for ${graceDays} days`,
        body: { removed: removed.map(({ sha256, name, size }) => ({ sha256, name, size })) },
      },
    };
  },
});

/** Digests of all pictures that any text names. */
async function referredTo(tx: Tx): Promise<Set<string>> {
  const { rows: columns } = await tx.execute<{ table: string; column: string; type: string }>(sql`
    select c.table_name as table, c.column_name as column, c.udt_name as type
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.udt_name in ('text', '_text', 'varchar', 'json', 'jsonb', 'bytea')
      and c.table_name <> 'image' and c.table_name not like 'log\\_%'`);
  const found = new Set<string>();
  for (const { table, column, type } of columns) {
    const [from, value] = [sql.identifier(table), sql.identifier(column)];
    // Markdown addresses are ASCII, which this form of bytes leaves as it is.
    const words: SQL = type === "bytea" ? sql`encode(${value}, 'escape')` : sql`${value}::text`;
    const { rows } = await tx.execute<{ sha256: string }>(sql`
      select distinct m[1] as sha256 from (select ${words} as words from ${from} where ${value} is not null) t,
        regexp_matches(t.words, '/api/v1/images/([0-9a-f]{64})', 'g') m
      where strpos(t.words, '/api/v1/images/') > 0`);
    for (const { sha256 } of rows) found.add(sha256);
  }
  return found;
}

export const imageJobs: JobHandlers = {
  "images.prune": async (ctx) => {
    await pruneImages(ctx, {});
  },
};
