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
    const answer = await modelCsv(ctx, await inputOf(request, "GET", {}));
    answer.headers.set("x-request-id", requestId);
    return answer;
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
