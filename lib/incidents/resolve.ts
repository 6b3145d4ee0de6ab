import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { incidents, models } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { sees } from "@/lib/models/visible";
import { checkDeployment } from "./find";
import { mayReport, resolveInput } from "./incident";

/** Says when an incident ended, and what was done about it. */
export const resolveIncident = command({
  name: "incident.resolved",
  title: "Resolve an incident",
  http: { method: "POST", path: "/incidents/{ref}/resolve" },
  input: resolveInput,
  load: async (tx, input, actor) => {
    const [row] = await tx
      .select({ incident: incidents, model: { id: models.id, name: models.name, unitId: models.businessUnitId } })
      .from(incidents)
      .innerJoin(models, eq(models.id, incidents.modelId))
      .where(eq(incidents.ref, input.ref));
    if (!row || !sees(actor, row.model.unitId)) throw new Refusal("not_found", `There is no incident ${input.ref}.`);
    await checkDeployment(tx, input.deployment, row.model);
    return row;
  },
  may: (actor, { model }) => mayReport(actor, model.unitId),
  run: async (tx, { input, subject: { incident, model }, now }) => {
    if (input.resolvedAt > now || input.resolvedAt < incident.startedAt)
      throw new Refusal("invalid", "resolvedAt: lies before the start or in the future.", [
        { field: "resolvedAt", message: "Lies before the start or in the future." },
      ]);
    const change = {
      resolvedAt: input.resolvedAt,
      ...(input.cause === undefined ? {} : { cause: input.cause }),
      ...(input.intervention === undefined ? {} : { intervention: input.intervention }),
      ...(input.deployment === undefined ? {} : { deploymentId: input.deployment }),
    };
    const rows = await tx
      .update(incidents)
      .set(change)
      .where(and(eq(incidents.id, incident.id), isNull(incidents.resolvedAt)))
      .returning({ id: incidents.id });
    if (!rows[0]) throw new Refusal("conflict", `${incident.ref} is resolved already.`);
    const minutes = Math.round((input.resolvedAt.getTime() - incident.startedAt.getTime()) / 60_000);
    return {
      result: { id: incident.id, ref: incident.ref, minutes },
      entry: {
        subject: { kind: "incident", id: incident.id, ref: incident.ref },
        modelId: model.id,
        summary: `resolved ${incident.ref} after ${minutes} minutes`,
        body: { ...change, resolvedAt: input.resolvedAt.toISOString() },
      },
    };
  },
});
