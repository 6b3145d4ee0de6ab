import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { models } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { insistNothingHangsOn } from "./end-of-life";
import { findModel } from "./find";
import { stageInput } from "./inputs";
import { mayChangeStage, stageAfter, stageName } from "./model";

/** Moves a model along its life; `stageAfter` says which steps there are. */
export const changeStage = command({
  name: "model.stage.changed",
  title: "Change a model's stage",
  http: { method: "POST", path: "/models/{name}/stage" },
  input: stageInput,
  load: (tx, input, actor) => findModel(tx, input.name, actor),
  may: mayChangeStage,
  run: async (tx, { input, subject: model, now }) => {
    const result = { id: model.id, name: model.name, stage: input.to };
    if (model.stage === input.to) return { unchanged: result };
    const open = stageAfter[model.stage];
    if (!open.some((stage) => stage === input.to)) {
      throw new Refusal(
        "conflict",
        `${model.name} is in ${stageName[model.stage]}; from there it can go to ${open.map((s) => stageName[s]).join(", ")}.`,
        [{ field: "to", message: `Not a step from ${stageName[model.stage]}.` }],
      );
    }
    if (input.to === "retired") await insistNothingHangsOn(tx, model);
    const rows = await tx
      .update(models)
      .set({ stage: input.to, updatedAt: now, revision: sql`${models.revision} + 1` })
      .where(and(eq(models.id, model.id), eq(models.stage, model.stage)))
      .returning({ id: models.id });
    if (!rows[0]) throw new Refusal("conflict", `Someone else moved ${model.name} a moment ago. Reload to see where.`);
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `moved ${model.name} from ${stageName[model.stage]} to ${stageName[input.to]}`,
        body: { before: model.stage, after: input.to, reason: input.reason },
      },
    };
  },
});
