import { pageContext } from "@/lib/auth/context";
import { type BacklogRow, findBacklog } from "@/lib/backlog/queries";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const head = [
  "ref",
  "kind",
  "title",
  "state",
  "points",
  "gain",
  "worth",
  "owner",
  "models",
  "sources",
  "why",
  "justification",
  "opened_at",
  "closed_at",
  "closed_reason",
];
const keys = ["kind", "state", "source", "owner", "model", "cohort", "standing", "q"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findBacklog(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "backlog.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

const rowOf = (r: BacklogRow): Cell[] => [
  r.ref,
  r.kind,
  r.title,
  r.state,
  r.points,
  r.gain,
  Number(r.worth),
  r.owner,
  r.models.join("; "),
  r.sources.map((s) => s.ref).join("; "),
  r.why,
  r.justification,
  r.openedAt,
  r.closedAt,
  r.closedReason,
];
