import { pageContext } from "@/lib/auth/context";
import { countGlass, type GlassCount } from "@/lib/break-glass/queries";
import { csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const columns = [
  "quarter",
  "unit",
  "asked",
  "opened",
  "inTime",
  "late",
  "waitingReview",
  "overdue",
  "unjustified",
] as const satisfies readonly (keyof GlassCount)[];

/** Break-glass by quarter and unit as CSV. */
export async function GET(): Promise<Response> {
  const ctx = await pageContext();
  try {
    const { items } = await countGlass(ctx, {});
    return csvStream("break-glass-by-quarter.csv", columns, rows(items));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

async function* rows(items: readonly GlassCount[]) {
  yield items.map((count) => columns.map((name) => count[name]));
}
