import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { modelCsv } from "@/lib/models/export";

/** The list of models as CSV, filtered like GET /models; of any length. */
export async function GET(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const stream = await modelCsv(ctx, await inputOf(request, "GET", {}));
    return new Response(stream, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="models-${ctx.now().toISOString().slice(0, 10)}.csv"`,
        "cache-control": "no-store",
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
