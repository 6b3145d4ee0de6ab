import { pageContext } from "@/lib/auth/context";
import { csvResponse } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { readinessMap } from "@/lib/readiness/organisation";

const head = ["item", "title", "area", "unit", "pass", "fail", "unknown", "waived"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const tier = new URL(request.url).searchParams.get("tier");
  try {
    const { items, units, cells } = await readinessMap(ctx, tier ? { tier } : {});
    const rows = items.flatMap((item) =>
      cells
        .filter((c) => c.item === item.id)
        .map((c) => [
          ...[item.id, item.title, item.area, units.find((u) => u.id === c.unit)?.name ?? null],
          ...[c.pass, c.fail, c.unknown, c.waived],
        ]),
    );
    return csvResponse("readiness.csv", head, rows);
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
