import { pageContext } from "@/lib/auth/context";
import { findGlass, type Glass } from "@/lib/break-glass/queries";
import { csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const columns = [
  "ref",
  "state",
  "release",
  "model",
  "tier",
  "unit",
  "version",
  "environment",
  "digest",
  "hours",
  "justification",
  "requestedBy",
  "requestedAt",
  "confirmedBy",
  "confirmedAs",
  "confirmedAt",
  "until",
  "endedBy",
  "endedAt",
  "answers",
  "reviewDueOn",
  "overdue",
  "reviewedBy",
  "reviewedAt",
  "verdict",
  "findings",
  "followUp",
  "incident",
] as const satisfies readonly (keyof Glass)[];
const keys = ["state", "environment", "model", "unit", "quarter"];

/** Break-glass releases as CSV, all that match the list's filters. */
export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findGlass(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "break-glass.csv",
      [...columns, "passes"],
      csvPages(await page(), page, ({ items }) =>
        items.map((g) => [...columns.map((name) => g[name]), g.passes.map((p) => p.code).join(" ")]),
      ),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
