import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { type ItemRow, itemModels } from "@/lib/readiness/organisation";

const head = ["model", "tier", "unit", "owner", "stage", "state", "cause", "by_hand", "since"];

export async function GET(request: Request, { params }: { params: Promise<{ item: string }> }): Promise<Response> {
  const ctx = await pageContext();
  const { item } = await params;
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, v]) => v !== "" && ["tier", "unit", "state"].includes(key)),
  );
  try {
    const page = (after?: string) => itemModels(ctx, { item, ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      `${item}.csv`,
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

const rowOf = (r: ItemRow): Cell[] => [
  ...[r.model, r.tier, r.unit, r.owner, r.stage, r.state, r.cause, r.byHand],
  new Date(r.since).toISOString(),
];
