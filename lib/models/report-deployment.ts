import "server-only";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { recordDeployment } from "./deployments";
import { findModel, findVersion } from "./find";
import { deploymentInput } from "./inputs";
import { mayReportDeployment } from "./model";

/** Says which version serves in an environment from when on. */
export const reportDeployment = command({
  name: "deployment.reported",
  title: "Report a deployment",
  http: { method: "POST", path: "/models/{name}/deployments", status: 201 },
  input: deploymentInput,
  load: async (tx, input, actor) => {
    const model = await findModel(tx, input.name, actor);
    return { ...model, served: await findVersion(tx, model, input.version) };
  },
  may: mayReportDeployment,
  run: async (tx, { input, subject: { served, ...model }, actor, now }) => {
    if (input.percent < 100 && !input.target)
      throw new Refusal("invalid", "percent: name the endpoint whose traffic it is a share of.", [
        { field: "target", message: "Needed with a share below 100." },
      ]);
    if (model.stage === "retired")
      throw new Refusal(
        "conflict",
        `${model.name} is retired. Bring it back to development before anything of it serves.`,
      );
    const since = input.since ?? now;
    if (since.getTime() > now.getTime() + 60_000)
      throw new Refusal("invalid", "since: lies in the future. Report a deployment when it has happened.", [
        { field: "since", message: "Lies in the future." },
      ]);
    const recorded = await recordDeployment(
      tx,
      {
        model,
        version: served,
        environment: input.environment,
        digest: input.digest ?? served.digest,
        since,
        source: actor.name,
        kind: input.kind,
        target: input.target,
        percent: input.percent,
        // What is reported with a date before the model was known here is history, not news.
        baseline: since < model.createdAt,
        raisedBy: `${actor.kind}:${actor.id}`,
      },
      now,
    );
    const { changed, ...rest } = recorded;
    const result = { ...rest, model: model.name, version: served.version, environment: input.environment };
    if (!changed) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "deployment", id: recorded.id, ref: `${model.name} ${served.version}` },
        modelId: model.id,
        summary: `${words[recorded.kind]} ${model.name} ${served.version} in ${input.environment}${input.percent < 100 ? ` for ${input.percent} % of the traffic` : ""}${
          recorded.raised ? `, which no release covers (${recorded.raised})` : ""
        }`,
        body: {
          ...rest,
          version: served.version,
          environment: input.environment,
          digest: input.digest ?? served.digest,
          since: since.toISOString(),
          target: input.target ?? null,
          percent: input.percent,
        },
      },
    };
  },
});

const words = { new: "deployed", rollback: "rolled back to", redeploy: "deployed again" } as const;
