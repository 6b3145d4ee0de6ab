import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { models } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { riskSweepJob } from "@/lib/risk/rescore";
import { findModel, findUseCase } from "./find";
import { editInput } from "./inputs";
import { mayEdit } from "./model";

/** Changes the inventory's record of a model, if nobody else did since it was read. */
export const editModel = command({
  name: "model.edited",
  title: "Edit a model",
  http: { method: "PATCH", path: "/models/{name}" },
  input: editInput,
  load: async (tx, input, actor) => ({
    model: await findModel(tx, input.name, actor),
    useCase: input.useCase ? await findUseCase(tx, input.useCase) : null,
  }),
  may: (actor, { model }) => mayEdit(actor, model),
  run: async (tx, { input, subject: { model, useCase }, now }) => {
    const { name: _, revision, useCase: useCaseKey, ...plain } = input;
    const change = {
      ...plain,
      ...(useCaseKey === undefined ? {} : { useCaseId: useCase?.id ?? null }),
    };
    if (model.revision !== revision) throw changedSince(model.name);
    const [before] = await tx.select().from(models).where(eq(models.id, model.id));
    const changed = Object.fromEntries(
      Object.entries(change).filter(([key, value]) => before && value !== before[key as keyof typeof before]),
    );
    if (!before || Object.keys(changed).length === 0)
      return { unchanged: { id: model.id, name: model.name, revision } };
    const rows = await tx
      .update(models)
      .set({ ...changed, updatedAt: now, revision: sql`${models.revision} + 1` })
      .where(and(eq(models.id, model.id), eq(models.revision, revision)))
      .returning({ revision: models.revision });
    if (!rows[0]) throw changedSince(model.name);
    return {
      result: { id: model.id, name: model.name, revision: rows[0].revision },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `edited ${model.name}: ${Object.keys(changed).map(word).join(", ")}`,
        body: {
          before: Object.fromEntries(Object.keys(changed).map((key) => [key, before[key as keyof typeof before]])),
          after: changed,
        },
      },
      jobs: [riskSweepJob],
    };
  },
});

const words: Record<string, string> = {
  servingType: "serving type",
  useCaseId: "use case",
  sourceUrl: "source address",
};
const word = (key: string): string => words[key] ?? key;

const changedSince = (name: string): Refusal =>
  new Refusal("conflict", `${name} was changed since you opened it. Reload to see the change, then edit again.`, [
    { field: "revision", message: "No longer the present one." },
  ]);
