import { pageContext } from "@/lib/auth/context";
import { type Cell, csvResponse } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { measureRows } from "@/lib/reviews/measure";

const head = [
  "ref",
  "counts",
  "title",
  "model",
  "unit",
  "tier",
  "lane",
  "status",
  "submitted_at",
  "promised_at",
  "decided_at",
  "board_days",
  "submitter_days",
  "total_days",
  "handed_back",
  "findings",
  "conditions",
  "reversed_by",
];
const keys = ["days", "unit", "lane"];

export async function GET(request: Request, { params }: { params: Promise<{ measure: string }> }): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const { measure } = await params;
    const { items } = await measureRows(ctx, { ...filters, measure });
    return csvResponse(`${measure}.csv`, head, items.map(rowOf));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Item = Awaited<ReturnType<typeof measureRows>>["items"][number];

const rowOf = ({ cycle: c, meets }: Item): Cell[] => [
  c.ref,
  meets,
  c.title,
  c.model,
  c.unit,
  c.tier,
  c.lane,
  c.status,
  c.submittedAt.toISOString(),
  c.promisedAt?.toISOString(),
  c.decidedAt?.toISOString(),
  c.boardDays.toFixed(2),
  c.submitterDays.toFixed(2),
  c.totalDays.toFixed(2),
  c.bounces,
  c.findings,
  c.conditions,
  c.reversedBy,
];
