import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";

/** All sequenced entries' bytes in log order, in keyset steps, so that a log of any length holds one step in memory. */
export async function* entryPages(read: Reader, step = 10_000): AsyncGenerator<Buffer[]> {
  for (let from = 0; ; from += step) {
    const { rows } = await read.execute<{ leaf: Buffer }>(sql`
      select e.leaf from log_leaf l join log_entry e on e.id = l.entry_id
      where l.idx >= ${from} and l.idx < ${from + step} order by l.idx`);
    if (rows.length > 0) yield rows.map((r) => r.leaf);
    if (rows.length < step) return;
  }
}
