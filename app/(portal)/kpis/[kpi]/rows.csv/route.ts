import { pageContext } from "@/lib/auth/context";
import { csvResponse } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { kpiDetail } from "@/lib/kpis/queries";

export async function GET(request: Request, { params }: { params: Promise<{ kpi: string }> }): Promise<Response> {
  const ctx = await pageContext();
  const unit = new URL(request.url).searchParams.get("unit");
  try {
    const { kpi, rows, scope } = await kpiDetail(ctx, { kpi: (await params).kpi, ...(unit ? { unit } : {}) });
    return csvResponse(
      `${kpi.id}-${scope.slug ?? "all"}.csv`,
      ["what", "counts_as", "why", "value", "at", "link"],
      rows.map((r) => [r.label, r.state, r.why, r.value, r.at?.toISOString() ?? null, r.href]),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
