import { type Meaning, meaningOf, parseCdEvent } from "@/lib/cdevents/cdevent";
import type { Ctx } from "@/lib/core/command";
import { insist } from "@/lib/core/refusal";
import { pushFacts } from "@/lib/facts/push";
import { apiRoute } from "@/lib/http/api-route";
import { inputOf } from "@/lib/http/dispatch";
import { externalIncident } from "@/lib/incidents/find";
import { mayReport } from "@/lib/incidents/incident";
import { reportIncident } from "@/lib/incidents/report";
import { resolveIncident } from "@/lib/incidents/resolve";
import { findModel } from "@/lib/models/find";
import { reportDeployment } from "@/lib/models/report-deployment";

/**
 * Takes a CDEvent, alone or as a CloudEvent (binary or structured): a deployment or rollback of a service is reported as a deployment, a
 * finished test suite as the fact that it passed, an incident as an incident. An event that comes again changes nothing. 202 with
 * `ignored` and why for the rest.
 */
export const POST = apiRoute(async ({ request, asker }) => {
  const answer = (status: number, body: unknown) => Response.json(body, { status });
  const actual = await asker();
  const event = parseCdEvent(await inputOf(request, "POST"));
  // Source and id tell an event apart, so a delivery that is repeated is answered as it was.
  const ctx = { ...actual, idempotencyKey: `cdevents ${event.source} ${event.id}`.slice(0, 200) };
  const meaning = meaningOf(event);
  if (meaning.what === "ignored") return answer(202, { type: event.type, ignored: meaning.why });
  const recorded = await record(ctx, meaning);
  return "ignored" in recorded
    ? answer(202, { type: event.type, ignored: recorded.ignored })
    : answer(201, { type: event.type, recorded: meaning.what, result: recorded.result });
});

async function record(
  ctx: Ctx,
  meaning: Exclude<Meaning, { what: "ignored" }>,
): Promise<{ result: unknown } | { ignored: string }> {
  switch (meaning.what) {
    case "deployment":
      return { result: await reportDeployment(ctx, meaning.input) };
    case "evaluation":
      return { result: await pushFacts(ctx, meaning.input) };
    case "incident":
      return { result: await reportIncident(ctx, meaning.input) };
    case "end of an incident": {
      const model = await findModel(ctx.db, meaning.model, ctx.actor);
      insist(mayReport(ctx.actor, model.businessUnitId));
      const known = await externalIncident(ctx.db, model.id, meaning.external);
      if (!known)
        return {
          ignored: `No incident ${meaning.external.id} of ${model.name} is on record; send its detection first.`,
        };
      if (known.resolvedAt) return { ignored: `${known.ref} is resolved already.` };
      return { result: await resolveIncident(ctx, { ref: known.ref, resolvedAt: meaning.resolvedAt }) };
    }
  }
}
