import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import type { Ctx } from "./command";

/** How many entries the log has, those not yet sequenced among them. */
export const logged = sql`coalesce((select size from log_head), 0) + (select count(*) from log_queue)`;

/**
 * The state of everything, in a word that changes when anything does: whatever changes what is read is a command and leaves an entry
 * (decision 0001), so with as many entries as before all is what it was. A due date nears without a command, so the minute counts too.
 */
export const stateAt = (ctx: Ctx, entries: string | undefined): string =>
  `${entries} ${Math.floor(ctx.now().getTime() / 60_000)}`;

export async function stateNow(ctx: Ctx): Promise<string> {
  const { rows } = await ctx.db.execute<{ entries: string }>(sql`select ${logged} as entries`);
  return stateAt(ctx, rows[0]?.entries);
}

/**
 * Answers of one kind, kept for whoever asked (and for what, where `what` says more) until the state is another. `most` are kept, and
 * what was asked for longest ago is forgotten first. What failed is tried again by the next who asks.
 */
export function shelf<T>(most: number) {
  const shelves = new WeakMap<Db, Map<string, { state: string; made: Promise<T> }>>();
  return (ctx: Ctx, state: string, make: () => Promise<T>, what = ""): Promise<T> => {
    const kept = shelves.get(ctx.db) ?? new Map<string, { state: string; made: Promise<T> }>();
    shelves.set(ctx.db, kept);
    const key = `${ctx.actor.id} ${what}`;
    const known = kept.get(key);
    if (known?.state === state) return known.made;
    const made = make();
    kept.delete(key);
    kept.set(key, { state, made });
    for (const longest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(longest);
    }
    made.catch(() => {
      if (kept.get(key)?.made === made) kept.delete(key);
    });
    return made;
  };
}
