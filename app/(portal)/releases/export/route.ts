import { pageContext } from "@/lib/auth/context";
import { csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { listReleases } from "@/lib/releases/queries";

const columns = [
  "ref",
  "model",
  "version",
  "digest",
  "environment",
  "status",
  "requestedBy",
  "requestedAt",
  "approvals",
  "lastAnswer",
  "promotedAt",
] as const;

type Listed = Awaited<ReturnType<typeof listReleases>>["releases"][number];

const rowOf = (release: Listed) =>
  columns.map((name) => {
    const value = release[name];
    return value instanceof Date ? value.toISOString() : value;
  });

/** Releases as CSV, all that match the list's filters. */
export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const search = new URL(request.url).searchParams;
  const filters: Record<string, unknown> = { limit: 200 };
  for (const key of ["status", "environment"]) {
    const value = search.get(key);
    if (value) filters[key] = value.split(",");
  }
  const model = search.get("model");
  if (model) filters.model = model;
  try {
    const page = (after?: string) => listReleases(ctx, { ...filters, ...(after ? { after } : {}) });
    return csvStream(
      "releases.csv",
      columns,
      csvPages(await page(), page, ({ releases }) => releases.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
