import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { deployments } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { endDeployment } from "./deployments";
import { findModel } from "./find";
import { deploymentEndInput } from "./inputs";
import { mayReportDeployment } from "./model";

/** Says that a model no longer serves in an environment, or at one endpoint or job there. */
export const reportDeploymentEnd = command({
  name: "deployment.ended",
  title: "Report that a deployment ended",
  http: { method: "POST", path: "/models/{name}/deployments/end" },
  input: deploymentEndInput,
  load: (tx, input, actor) => findModel(tx, input.name, actor),
  may: mayReportDeployment,
  run: async (tx, { input, subject: model, now }) => {
    const open = await tx
      .select({ id: deployments.id, target: deployments.target })
      .from(deployments)
      .where(
        and(
          eq(deployments.modelId, model.id),
          eq(deployments.environment, input.environment),
          isNull(deployments.until),
          input.target === undefined ? undefined : eq(deployments.target, input.target),
        ),
      )
      .for("update");
    const resolved: string[] = [];
    for (const d of open) resolved.push(...(await endDeployment(tx, d.id, now, "It no longer serves.")));
    const result = { model: model.name, environment: input.environment, ended: open.length, resolved };
    if (open.length === 0) return { unchanged: result };
    const where = input.target ? `${input.target} in ${input.environment}` : input.environment;
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `took ${model.name} out of ${where}`,
        body: { ...input, ended: open.map((d) => d.id), resolved },
      },
    };
  },
});
