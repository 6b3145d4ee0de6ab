import { pageContext } from "@/lib/auth/context";
import { listEvaluations } from "@/lib/evaluations/queries";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const head = [
  "ref",
  "title",
  "status",
  "options",
  "leads",
  "unknown_scores",
  "chosen",
  "opened_at",
  "opened_by",
  "concluded_at",
];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const status = new URL(request.url).searchParams.get("status");
  try {
    const page = (after?: string) =>
      listEvaluations(ctx, { ...(status ? { status } : {}), ...(after ? { after } : {}), limit: 200 });
    return csvStream(
      "evaluations.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Listed = Awaited<ReturnType<typeof listEvaluations>>["items"][number];

const rowOf = (e: Listed): Cell[] => [
  e.ref,
  e.title,
  e.status,
  e.options.join("; "),
  e.leads,
  e.unknown,
  e.chosen,
  e.openedAt.toISOString(),
  e.openedBy,
  e.concludedAt?.toISOString(),
];
