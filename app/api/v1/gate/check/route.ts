import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { atEdge } from "@/lib/http/at-edge";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { checkGate } from "@/lib/releases/check-gate";

/**
 * The gate: 200 allow, 403 deny, both with a signed answer; a question that cannot be understood is a problem. A route of its own
 * that the proxy leaves out, since pipelines wait for it.
 */
export const POST = (request: Request): Promise<Response> =>
  atEdge(request, async () => {
    const requestId = newId();
    try {
      const ctx = await apiContext(request, requestId);
      const answer = await checkGate(ctx, await inputOf(request, "POST", {}));
      return new Response(JSON.stringify(answer), {
        status: answer.decision === "allow" ? 200 : 403,
        headers: { "content-type": "application/json", "cache-control": "no-store", "x-request-id": requestId },
      });
    } catch (error) {
      return problemResponse(error, requestId);
    }
  });
