import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { snapshotLink } from "@/lib/evidence/snapshot";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";

/** Reads a link now (`{"url": …}`) and answers the file that was kept of it, with its SHA-256. */
export async function POST(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const file = await snapshotLink(ctx, await inputOf(request, "POST", {}));
    return Response.json(file, { status: 201, headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
