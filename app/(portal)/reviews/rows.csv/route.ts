import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { findReviews } from "@/lib/reviews/list";

const head = [
  "ref",
  "title",
  "model",
  "further_models",
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
  "reviewers",
  "board_minutes",
  "submitter_minutes",
  "total_minutes",
];
const keys = ["view", "lane", "status", "tier", "mine", "q", "model"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findReviews(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "reviews.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Listed = Awaited<ReturnType<typeof findReviews>>["items"][number];

const rowOf = (r: Listed): Cell[] => [
  r.ref,
  r.title,
  r.model,
  r.further.join(", "),
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
  r.reviewers.join(", "),
  r.clocks && Math.round(r.clocks.board),
  r.clocks && Math.round(r.clocks.submitter),
  r.clocks && Math.round(r.clocks.total),
];
