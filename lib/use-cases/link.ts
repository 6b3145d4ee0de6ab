import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { models, modelUseCases } from "@/db/schema/models";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { mayEdit } from "@/lib/models/model";
import { findUseCaseFor } from "./find";
import { mayEditUseCase, useCaseKey } from "./use-case";

const input = z.strictObject({ useCase: useCaseKey, model: modelKey });

const load = async (tx: Tx, given: z.output<typeof input>, actor: Actor) => ({
  useCase: await findUseCaseFor(tx, given.useCase, actor),
  model: await findModel(tx, given.model, actor),
});
type Subject = Awaited<ReturnType<typeof load>>;

/** Whoever keeps the use case or the model says that the one serves the other. */
const may = (actor: Actor, { useCase, model }: Subject) => {
  const verdict = mayEditUseCase(actor, useCase);
  return verdict.ok ? verdict : mayEdit(actor, model);
};

const entryOf = ({ useCase, model }: Subject, summary: string) => ({
  subject: { kind: "use_case", id: useCase.id, ref: useCase.ref },
  modelId: model.id,
  summary,
  body: { model: model.name, useCase: useCase.ref },
});

/** Says that a model serves a use case. A model's first use case is its main one, where value is counted. */
export const linkModel = command({
  name: "use_case.model.linked",
  title: "Say that a model serves a use case",
  http: { method: "POST", path: "/use-cases/{useCase}/models", status: 201 },
  input,
  load,
  may,
  run: async (tx, { subject, now }) => {
    const { useCase, model } = subject;
    const result = { useCase: useCase.ref, model: model.name };
    if (useCase.status === "retired")
      throw new Refusal(
        "conflict",
        `${useCase.name} is retired. Choose a use case that is not, or bring it back first.`,
      );
    const [current] = await tx
      .select({ main: models.useCaseId })
      .from(models)
      .where(eq(models.id, model.id))
      .for("update");
    if (current?.main === useCase.id) return { unchanged: result };
    if (current && current.main === null) {
      await tx
        .update(models)
        .set({ useCaseId: useCase.id, updatedAt: now, revision: sql`${models.revision} + 1` })
        .where(and(eq(models.id, model.id), isNull(models.useCaseId)));
    } else {
      const [made] = await tx
        .insert(modelUseCases)
        .values({ id: newId(), modelId: model.id, useCaseId: useCase.id, since: now })
        .onConflictDoNothing()
        .returning({ id: modelUseCases.id });
      if (!made) return { unchanged: result };
    }
    return { result, entry: entryOf(subject, `said that ${model.name} serves ${useCase.name}`) };
  },
});

/** Takes a model off a use case. */
export const unlinkModel = command({
  name: "use_case.model.unlinked",
  title: "Take a model off a use case",
  http: { method: "DELETE", path: "/use-cases/{useCase}/models/{model}" },
  input,
  load,
  may,
  run: async (tx, { subject, now }) => {
    const { useCase, model } = subject;
    const further = await tx
      .delete(modelUseCases)
      .where(and(eq(modelUseCases.modelId, model.id), eq(modelUseCases.useCaseId, useCase.id)))
      .returning({ id: modelUseCases.id });
    const main = await tx
      .update(models)
      .set({ useCaseId: null, updatedAt: now, revision: sql`${models.revision} + 1` })
      .where(and(eq(models.id, model.id), eq(models.useCaseId, useCase.id)))
      .returning({ id: models.id });
    const result = { useCase: useCase.ref, model: model.name };
    if (further.length + main.length === 0) return { unchanged: result };
    return { result, entry: entryOf(subject, `took ${model.name} off ${useCase.name}`) };
  },
});
