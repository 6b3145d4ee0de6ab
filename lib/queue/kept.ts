import "server-only";
import { sql } from "drizzle-orm";
import type { Ctx } from "@/lib/core/command";
import { logged, shelf, stateAt, stateNow } from "@/lib/core/kept";
import { unreadOf } from "@/lib/notifications/queries";
import { boardWaits, myQueue, shellFigures } from "./queries";
import type { QueueItem } from "./queue";
import { type BoardRecord, boardRecord } from "./record";

type Figures = Awaited<ReturnType<typeof shellFigures>> & { queue: number };
type Board = { size: number; record: BoardRecord };

const figuresOf = shelf<Figures>(500);
// A queue is long, figures are not.
const queueOf = shelf<QueueItem[]>(100);
const boardOf = shelf<Board>(100);

const queueAt = (ctx: Ctx, state: string) => queueOf(ctx, state, () => myQueue(ctx, {}));

/** The figures of the shell, which every page shows. What is unread changes without an entry and is counted every time, in the same statement. */
export async function keptFigures(ctx: Ctx): Promise<{ figures: Figures; unread: number }> {
  const { rows } = await ctx.db.execute<{ entries: string; unread: number }>(
    sql`select ${logged} as entries, ${unreadOf(ctx.actor.id)} as unread`,
  );
  const state = stateAt(ctx, rows[0]?.entries);
  const figures = await figuresOf(ctx, state, async () => {
    const [queue, counted] = await Promise.all([queueAt(ctx, state), shellFigures(ctx, {})]);
    return { queue: queue.length, ...counted };
  });
  return { figures, unread: rows[0]?.unread ?? 0 };
}

/** What the home page shows; of the past it is read anew. */
export async function keptHome(ctx: Ctx): Promise<Board & { mine: QueueItem[] }> {
  const board = async (): Promise<Board> => {
    const [size, record] = await Promise.all([boardWaits(ctx, {}), boardRecord(ctx, {})]);
    return { size, record };
  };
  const state = ctx.asOf ? null : await stateNow(ctx);
  const [mine, rest] = await Promise.all(
    state === null ? [myQueue(ctx, {}), board()] : [queueAt(ctx, state), boardOf(ctx, state, board)],
  );
  return { mine, ...rest };
}
