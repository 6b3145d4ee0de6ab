import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { deployments } from "@/db/schema/models";
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
