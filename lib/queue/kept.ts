import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import type { Ctx } from "@/lib/core/command";
import { unreadOf } from "@/lib/notifications/queries";
import { shellFigures } from "./queries";

type Figures = Awaited<ReturnType<typeof shellFigures>>;

/** People whose figures are kept, at most; whoever asked longest ago is forgotten first. */
const most = 500;
const kept = new WeakMap<Db, Map<string, { as: string; figures: Promise<Figures> }>>();

/**
 * The figures of the shell, which every page shows, counted anew when the log has grown: whatever changes them is a command and leaves
 * an entry (decision 0001), so with as many entries as before they are what they were. A due date nears without a command, so they are
 * counted once a minute at least. What is unread changes without an entry and is counted every time, in the same statement.
 */
export async function keptFigures(ctx: Ctx): Promise<{ figures: Figures; unread: number }> {
  const { rows } = await ctx.db.execute<{ entries: string; unread: number }>(
    sql`select coalesce((select size from log_head), 0) + (select count(*) from log_queue) as entries, ${unreadOf(ctx.actor.id)} as unread`,
  );
  const unread = rows[0]?.unread ?? 0;
  const as = `${rows[0]?.entries} ${Math.floor(ctx.now().getTime() / 60_000)}`;
  const people = kept.get(ctx.db) ?? new Map<string, { as: string; figures: Promise<Figures> }>();
  kept.set(ctx.db, people);
  const known = people.get(ctx.actor.id);
  if (known?.as === as) return { figures: await known.figures, unread };
  const figures = shellFigures(ctx, {});
  people.delete(ctx.actor.id);
  people.set(ctx.actor.id, { as, figures });
  if (people.size > most)
    for (const [first] of people) {
      people.delete(first);
      break;
    }
  // A count that failed is tried again by the next page.
  figures.catch(() => {
    if (people.get(ctx.actor.id)?.figures === figures) people.delete(ctx.actor.id);
  });
  return { figures: await figures, unread };
}
