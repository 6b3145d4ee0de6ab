import { pageContext } from "@/lib/auth/context";
import { type Freeze, findFreezes } from "@/lib/freezes/queries";
import { csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";

const columns = [
  "ref",
  "state",
  "environment",
  "unit",
  "startsAt",
  "endsAt",
  "timeZone",
  "reason",
  "declaredBy",
  "declaredAt",
  "liftedBy",
  "liftedAt",
  "liftReason",
] as const satisfies readonly (keyof Freeze)[];
const keys = ["state", "environment"];

/** Release freezes as CSV, all that match the list's filters. */
export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  try {
    const page = (after?: string) => findFreezes(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "freezes.csv",
      [...columns, "exempted"],
      csvPages(await page(), page, ({ items }) =>
        items.map((f) => [...columns.map((name) => f[name]), f.exemptions.map((e) => e.release).join(" ")]),
      ),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
