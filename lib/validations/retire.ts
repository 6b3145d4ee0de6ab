import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { dataValidations } from "@/db/schema/validations";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { loadPushed, mayPush, writePushed } from "@/lib/facts/pushed";
import { modelKey } from "@/lib/models/inputs";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { oneModel, standing } from "./record";

/** Says that a suite is not run any more, so that it no longer counts. Sent again, it counts again. */
export const retireValidation = command({
  name: "validation.retired",
  title: "Say that a suite is not run any more",
  http: { method: "DELETE", path: "/models/{name}/validations/{id}" },
  input: z.strictObject({ name: modelKey, id: z.uuid("Use the id that the list of validations gives.") }),
  load: (tx, { name }, actor) => loadPushed(tx, [{ model: name }], actor),
  may: mayPush,
  run: async (tx, { input, subject, actor, now }) => {
    const model = oneModel(subject, input.name);
    const here = and(eq(dataValidations.id, input.id), eq(dataValidations.modelId, model.id));
    const [row] = await tx
      .update(dataValidations)
      .set({ retiredAt: now })
      .where(and(here, isNull(dataValidations.retiredAt)))
      .returning({ suite: dataValidations.suite, asset: dataValidations.asset });
    if (!row) throw new Refusal("not_found", `${model.name} has no such validation that counts.`);
    const facts = await standing(tx, model, now);
    const recorded = await writePushed(tx, { facts, run: null, subject, actor, now });
    return {
      result: { ...row, facts: facts.map(({ key, value }) => ({ key, value })) },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `retired the suite ${row.suite} of ${model.name}`,
        body: { ...row, recorded },
      },
      jobs: [refreshJob(model.id)],
    };
  },
});
