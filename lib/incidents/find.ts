import "server-only";
import { and, eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { deployments, incidents } from "@/db/schema/models";
import { Refusal } from "@/lib/core/refusal";

/** Refuses a deployment that is not one of the model's. */
export async function checkDeployment(read: Reader, id: string | undefined, model: { id: string; name: string }) {
  if (id === undefined) return;
  const [row] = await read.select({ modelId: deployments.modelId }).from(deployments).where(eq(deployments.id, id));
  if (row?.modelId !== model.id)
    throw new Refusal("invalid", `deployment: ${model.name} has no deployment ${id}.`, [
      { field: "deployment", message: `Not one of ${model.name}'s.` },
    ]);
}

/** The incident of a model that another system calls so, or null. */
export async function externalIncident(
  read: Reader,
  modelId: string,
  { source, id }: { source: string; id: string },
): Promise<{ id: string; ref: string; resolvedAt: Date | null } | null> {
  const [row] = await read
    .select({ id: incidents.id, ref: incidents.ref, resolvedAt: incidents.resolvedAt })
    .from(incidents)
    .where(and(eq(incidents.modelId, modelId), eq(incidents.externalSource, source), eq(incidents.externalId, id)));
  return row ?? null;
}
