import { readiness } from "@/lib/health/ready";

export const dynamic = "force-dynamic";

/** Ready to take requests: 200, or 503 naming the part that is not. */
export async function GET(): Promise<Response> {
  const parts = await readiness();
  const ready = parts.every((p) => p.ok);
  return Response.json({ status: ready ? "ready" : "not ready", parts }, { status: ready ? 200 : 503 });
}
