import "server-only";
import type { Ctx } from "@/lib/core/command";
import { shelf, stateNow } from "@/lib/core/kept";
import { boardMeasures } from "./measure";

const measuresOf = shelf<Awaited<ReturnType<typeof boardMeasures>>>(100);

/** The board's measures as its page shows them, counted anew when something happened; of the past they are read anew. */
export async function keptMeasures(ctx: Ctx, asked: { days?: string | undefined; unit?: string | undefined }) {
  if (ctx.asOf) return boardMeasures(ctx, asked);
  return measuresOf(ctx, await stateNow(ctx), () => boardMeasures(ctx, asked), JSON.stringify(asked));
}
