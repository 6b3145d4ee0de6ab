import { pageContext } from "@/lib/auth/context";
import { findAdrs } from "@/lib/decisions/find";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const head = [
  "ref",
  "title",
  "status",
  "checks",
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
      ([key, value]) =>
        value !== "" && ["q", "status", "model", "pattern", "unit", "author", "year", "file", "check"].includes(key),
    ),
  );
  try {
    const page = (after?: string) =>
      findAdrs(ctx, { ...filters, facets: false, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "decisions.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Listed = Awaited<ReturnType<typeof findAdrs>>["items"][number];

const rowOf = (a: Listed): Cell[] => [
  a.ref,
  a.title,
  a.status,
  a.checks,
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
];
