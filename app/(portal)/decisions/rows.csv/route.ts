import { pageContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { findAdrs } from "@/lib/decisions/queries";
import { type Cell, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const head = [
  "ref",
  "title",
  "status",
  "revision",
  "model",
  "pattern",
  "unit",
  "author",
  "superseded_by",
  "decided_at",
  "review_by",
  "created_at",
  "updated_at",
];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(
      ([key, value]) => value !== "" && ["q", "status", "model", "pattern"].includes(key),
    ),
  );
  try {
    // The first page is read before the answer begins, so that a refused filter is an error and not an empty file.
    const first = await findAdrs(ctx, { ...filters, limit: 200 });
    return csvStream("decisions.csv", head, pages(ctx, filters, first));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type List = Awaited<ReturnType<typeof findAdrs>>;

async function* pages(ctx: Ctx, filters: object, first: List): AsyncGenerator<Cell[][]> {
  for (
    let page: List | null = first;
    page;
    page = page.next ? await findAdrs(ctx, { ...filters, limit: 200, after: page.next }) : null
  ) {
    yield page.items.map((a) => [
      a.ref,
      a.title,
      a.status,
      a.revision,
      a.model,
      a.patternId,
      a.unit,
      a.author,
      a.supersededBy,
      a.decidedAt?.toISOString(),
      a.reviewBy,
      a.createdAt.toISOString(),
      a.updatedAt.toISOString(),
    ]);
  }
}
