import { apiContext } from "@/lib/auth/context";
import { meaningOf, parseCdEvent } from "@/lib/cdevents/cdevent";
import { newId } from "@/lib/core/ids";
import { pushFacts } from "@/lib/facts/push";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { reportDeployment } from "@/lib/models/report-deployment";

/**
 * Takes a CDEvent, alone or as a CloudEvent (binary or structured): a deployment or rollback of a service is reported as a deployment, a
 * finished test suite as the fact that it passed. An event that comes again changes nothing. 202 with `ignored` and why for the rest.
 */
export async function POST(request: Request): Promise<Response> {
  const requestId = newId();
  const answer = (status: number, body: unknown) =>
    Response.json(body, { status, headers: { "cache-control": "no-store", "x-request-id": requestId } });
  try {
    const actual = await apiContext(request, requestId);
    const event = parseCdEvent(await inputOf(request, "POST", {}));
    // Source and id tell an event apart, so a delivery that is repeated is answered as it was.
    const ctx = { ...actual, idempotencyKey: `cdevents ${event.source} ${event.id}`.slice(0, 200) };
    const meaning = meaningOf(event);
    if (meaning.what === "ignored") return answer(202, { type: event.type, ignored: meaning.why });
    const result =
      meaning.what === "deployment" ? await reportDeployment(ctx, meaning.input) : await pushFacts(ctx, meaning.input);
    return answer(201, { type: event.type, recorded: meaning.what, result });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
