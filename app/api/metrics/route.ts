import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { insist } from "@/lib/core/refusal";
import { mayReadMetrics } from "@/lib/health/health";
import { metricsText } from "@/lib/health/metrics";
import { readHealth } from "@/lib/health/read";
import { problemResponse } from "@/lib/http/problem";

export const dynamic = "force-dynamic";

/** Figures for Prometheus; the scraper sends an API token with inventory:read. */
export async function GET(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    insist(mayReadMetrics(ctx.actor));
    return new Response(metricsText(await readHealth(ctx.db, ctx.now())), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
