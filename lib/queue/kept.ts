import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import type { Ctx } from "@/lib/core/command";
import { unreadOf } from "@/lib/notifications/queries";
import { boardWaits, myQueue, shellFigures } from "./queries";
import type { QueueItem } from "./queue";
import { type BoardRecord, boardRecord } from "./record";

type Figures = Awaited<ReturnType<typeof shellFigures>> & { queue: number };
type Kept<T> = Map<string, { as: string; made: Promise<T> }>;
type Shelf = { figures: Kept<Figures>; queue: Kept<QueueItem[]>; board: Kept<Board> };
type Board = { size: number; record: BoardRecord };

/** People for whom something is kept, at most; whoever asked longest ago is forgotten first. A queue is long, figures are not. */
const most = { figures: 500, queue: 100, board: 100 };
const shelves = new WeakMap<Db, Shelf>();

function shelfOf({ db }: Ctx): Shelf {
  const shelf = shelves.get(db) ?? { figures: new Map(), queue: new Map(), board: new Map() };
  shelves.set(db, shelf);
  return shelf;
}

/** What was made when as much had happened as now, else made anew. What failed is tried again by the next who asks. */
function keep<T>(people: Kept<T>, limit: number, ctx: Ctx, as: string, make: () => Promise<T>): Promise<T> {
  const known = people.get(ctx.actor.id);
  if (known?.as === as) return known.made;
  const made = make();
  people.delete(ctx.actor.id);
  people.set(ctx.actor.id, { as, made });
  for (const longest of people.keys()) {
    if (people.size <= limit) break;
    people.delete(longest);
  }
  made.catch(() => {
    if (people.get(ctx.actor.id)?.made === made) people.delete(ctx.actor.id);
  });
  return made;
}

const entries = sql`coalesce((select size from log_head), 0) + (select count(*) from log_queue)`;
const asNow = (ctx: Ctx, logged: string | undefined) => `${logged} ${Math.floor(ctx.now().getTime() / 60_000)}`;

const queueAs = (ctx: Ctx, as: string) => keep(shelfOf(ctx).queue, most.queue, ctx, as, () => myQueue(ctx, {}));

/**
 * The figures of the shell, which every page shows, counted anew when the log has grown: whatever changes them is a command and leaves
 * an entry (decision 0001), so with as many entries as before they are what they were. A due date nears without a command, so they are
 * counted once a minute at least. What is unread changes without an entry and is counted every time, in the same statement.
 */
export async function keptFigures(ctx: Ctx): Promise<{ figures: Figures; unread: number }> {
  const { rows } = await ctx.db.execute<{ entries: string; unread: number }>(
    sql`select ${entries} as entries, ${unreadOf(ctx.actor.id)} as unread`,
  );
  const as = asNow(ctx, rows[0]?.entries);
  const figures = keep(shelfOf(ctx).figures, most.figures, ctx, as, async () => {
    const [queue, counted] = await Promise.all([queueAs(ctx, as), shellFigures(ctx, {})]);
    return { queue: queue.length, ...counted };
  });
  return { figures: await figures, unread: rows[0]?.unread ?? 0 };
}

/** What the home page shows, by the same rule; of the past it is read anew. */
export async function keptHome(ctx: Ctx): Promise<Board & { mine: QueueItem[] }> {
  const board = async (): Promise<Board> => {
    const [size, record] = await Promise.all([boardWaits(ctx, {}), boardRecord(ctx, {})]);
    return { size, record };
  };
  if (ctx.asOf) {
    const [mine, rest] = await Promise.all([myQueue(ctx, {}), board()]);
    return { mine, ...rest };
  }
  const { rows } = await ctx.db.execute<{ entries: string }>(sql`select ${entries} as entries`);
  const as = asNow(ctx, rows[0]?.entries);
  const [mine, rest] = await Promise.all([queueAs(ctx, as), keep(shelfOf(ctx).board, most.board, ctx, as, board)]);
  return { mine, ...rest };
}
