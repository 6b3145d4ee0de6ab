import { pageContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { type Cell, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { findReviews } from "@/lib/reviews/list";

const head = [
  "ref",
  "title",
  "model",
  "tier",
  "unit",
  "lane",
  "status",
  "round",
  "submitter",
  "submitted_at",
  "promised_on",
  "decided_at",
  "votes",
  "must_fix",
  "open_conditions",
  "sampled",
];
const keys = ["view", "lane", "status", "tier", "mine", "q", "model"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    // The first page is read before the answer begins, so that a refused filter is an error and not an empty file.
    const first = await findReviews(ctx, { ...filters, limit: 200 });
    return csvStream("reviews.csv", head, pages(ctx, filters, first));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type List = Awaited<ReturnType<typeof findReviews>>;

async function* pages(ctx: Ctx, filters: object, first: List): AsyncGenerator<Cell[][]> {
  for (
    let page: List | null = first;
    page;
    page = page.next ? await findReviews(ctx, { ...filters, limit: 200, after: page.next }) : null
  ) {
    yield page.items.map((r) => [
      r.ref,
      r.title,
      r.model,
      r.tier,
      r.unit,
      r.lane,
      r.status,
      r.round,
      r.submitter,
      r.submittedAt?.toISOString(),
      r.promisedOn,
      r.decidedAt?.toISOString(),
      r.votes,
      r.mustFix,
      r.openConditions,
      r.sampled,
    ]);
  }
}
