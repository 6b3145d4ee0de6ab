import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { findIncidents, type ReviewedIncident } from "@/lib/incident-reviews/queries";

const head = [
  "incident",
  "title",
  "severity",
  "model",
  "unit",
  "started_at",
  "resolved_at",
  "intervention",
  "version",
  "review",
  "review_state",
  "owner",
  "due_on",
  "overdue",
  "outcomes",
];
const keys = ["review", "severity", "model", "q"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findIncidents(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "incidents.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

const rowOf = (r: ReviewedIncident): Cell[] => [
  r.incident,
  r.title,
  r.severity,
  r.model,
  r.unit,
  r.startedAt,
  r.resolvedAt,
  r.intervention,
  r.version,
  r.ref,
  r.state,
  r.owner,
  r.dueOn,
  r.overdue,
  r.outcomes,
];
