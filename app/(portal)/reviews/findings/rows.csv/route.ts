import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { findFindings } from "@/lib/reviews/findings-list";

const head = [
  "ref",
  "title",
  "severity",
  "status",
  "conformance",
  "source",
  "section",
  "review",
  "model",
  "tier",
  "unit",
  "owner",
  "raised_by",
  "raised_at",
  "due_on",
  "overdue",
  "resolved_at",
  "verified_at",
];
const keys = ["status", "severity", "owner", "overdue", "unit", "model", "q"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findFindings(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "findings.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Listed = Awaited<ReturnType<typeof findFindings>>["items"][number];

const rowOf = (f: Listed): Cell[] => [
  f.ref,
  f.title,
  f.severity,
  f.status,
  f.conformance,
  f.source,
  f.section,
  f.review,
  f.model,
  f.tier,
  f.unit,
  f.owner,
  f.raiser,
  f.raisedAt.toISOString(),
  f.dueOn,
  f.overdue,
  f.resolvedAt?.toISOString(),
  f.verifiedAt?.toISOString(),
];
