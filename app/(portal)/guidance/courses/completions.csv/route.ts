import { pageContext } from "@/lib/auth/context";
import { listCompletions } from "@/lib/courses/queries";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const head = ["person", "email", "business_unit", "course", "version", "digest", "completed_at"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const course = new URL(request.url).searchParams.get("course");
  try {
    const page = (after?: string) =>
      listCompletions(ctx, { ...(course ? { course } : {}), ...(after ? { after } : {}), limit: 200 });
    return csvStream(
      "course-completions.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

type Listed = Awaited<ReturnType<typeof listCompletions>>["items"][number];

const rowOf = (c: Listed): Cell[] => [
  c.person,
  c.email,
  c.unit,
  c.course,
  c.version,
  c.digest,
  c.completedAt.toISOString(),
];
