import "server-only";
import { incidents } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { riskSweepJob } from "@/lib/risk/rescore";
import { checkDeployment } from "./find";
import { mayReport, reportInput } from "./incident";

/** Puts an incident on record, with the deployment that caused it where a change did. */
export const reportIncident = command({
  name: "incident.reported",
  title: "Report an incident",
  http: { method: "POST", path: "/incidents", status: 201 },
  input: reportInput,
  load: async (tx, input, actor) => {
    const model = await findModel(tx, input.model, actor);
    await checkDeployment(tx, input.deployment, model);
    return model;
  },
  may: (actor, model) => mayReport(actor, model.businessUnitId),
  run: async (tx, { input, subject: model, actor, now }) => {
    if (input.startedAt > now || (input.resolvedAt && input.resolvedAt > now))
      throw new Refusal("invalid", "startedAt: an incident begins and ends in the past.", [
        { field: "startedAt", message: "Lies in the future." },
      ]);
    if (input.resolvedAt && input.resolvedAt < input.startedAt)
      throw new Refusal("invalid", "resolvedAt: lies before the start.", [
        { field: "resolvedAt", message: "Lies before the start." },
      ]);
    const id = newId();
    const ref = await nextRef(tx, "inc");
    await tx.insert(incidents).values({
      id,
      ref,
      modelId: model.id,
      title: input.title,
      severity: input.severity,
      startedAt: input.startedAt,
      resolvedAt: input.resolvedAt ?? null,
      deploymentId: input.deployment ?? null,
      cause: input.cause,
      intervention: input.intervention,
      reportedBy: `${actor.kind}:${actor.id}`,
      reportedOn: now.toISOString().slice(0, 10),
    });
    return {
      result: { id, ref },
      entry: {
        subject: { kind: "incident", id, ref },
        modelId: model.id,
        summary: `reported ${ref}, severity ${input.severity}: ${input.title}`,
        body: {
          ...input,
          startedAt: input.startedAt.toISOString(),
          resolvedAt: input.resolvedAt?.toISOString() ?? null,
        },
      },
      jobs: [riskSweepJob],
    };
  },
});
