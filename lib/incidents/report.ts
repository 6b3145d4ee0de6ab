import "server-only";
import { incidents } from "@/db/schema/models";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { riskSweepJob } from "@/lib/risk/rescore";
import { checkDeployment, externalIncident } from "./find";
import { mayReport, reportInput } from "./incident";

type Reported = { id: string; ref: string };

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
  run: async (tx, { input, subject: model, actor, now }): Promise<Done<Reported> | Unchanged<Reported>> => {
    if (input.startedAt > now || (input.resolvedAt && input.resolvedAt > now))
      throw new Refusal("invalid", "startedAt: an incident begins and ends in the past.", [
        { field: "startedAt", message: "Lies in the future." },
      ]);
    if (input.resolvedAt && input.resolvedAt < input.startedAt)
      throw new Refusal("invalid", "resolvedAt: lies before the start.", [
        { field: "resolvedAt", message: "Lies before the start." },
      ]);
    const told = input.external ? await externalIncident(tx, model.id, input.external) : null;
    const result = told ? { id: told.id, ref: told.ref } : { id: newId(), ref: await nextRef(tx, "inc") };
    if (told) return { unchanged: result };
    const { id, ref } = result;
    const rows = await tx
      .insert(incidents)
      .values({
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
        externalSource: input.external?.source ?? null,
        externalId: input.external?.id ?? null,
      })
      .onConflictDoNothing()
      .returning({ id: incidents.id });
    if (rows.length === 0) throw new Refusal("conflict", "The same incident was reported a moment ago. Send it again.");
    return {
      result,
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
