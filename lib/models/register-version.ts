import "server-only";
import { and, eq } from "drizzle-orm";
import { modelVersions } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "./find";
import { versionInput } from "./inputs";
import { mayRegisterVersion } from "./model";

/** Enters a version that a build produced. The same version with the same digest again changes nothing. */
export const registerVersion = command({
  name: "model.version.registered",
  title: "Register a model version",
  http: { method: "POST", path: "/models/{name}/versions", status: 201 },
  input: versionInput,
  load: (tx, input, actor) => findModel(tx, input.name, actor),
  may: mayRegisterVersion,
  run: async (tx, { input, subject: model, actor, now }) => {
    const id = newId();
    const [made] = await tx
      .insert(modelVersions)
      .values({
        id,
        modelId: model.id,
        version: input.version,
        digest: input.digest ?? null,
        digestSource: input.digest ? `${actor.kind}: ${actor.name}` : null,
        runId: input.runId ?? null,
        commit: input.commit ?? null,
        sourceUri: input.sourceUri ?? null,
        trainedBy: input.trainedBy ?? null,
        licence: input.licence ?? null,
        baseModel: input.baseModel ?? null,
        runtime: input.runtime ?? null,
        registeredAt: input.registeredAt ?? now,
        lastSeenAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: modelVersions.id });
    const answer = { id, model: model.name, version: input.version, digest: input.digest ?? null };
    if (!made) {
      const [there] = await tx.select().from(modelVersions).where(onceOf(model.id, input.version));
      if (there && (input.digest === undefined || there.digest === input.digest))
        return { unchanged: { ...answer, id: there.id, digest: there.digest } };
      throw new Refusal(
        "conflict",
        `${model.name} ${input.version} is registered with ${there?.digest ? `sha256:${there.digest}` : "no digest"}. A version's content never changes: register a new version.`,
        [{ field: "digest", message: "Differs from the registered one." }],
      );
    }
    return {
      result: answer,
      entry: {
        subject: { kind: "model_version", id, ref: `${model.name} ${input.version}` },
        modelId: model.id,
        summary: `registered ${model.name} ${input.version}`,
        body: { ...input, registeredAt: (input.registeredAt ?? now).toISOString() },
      },
    };
  },
});

const onceOf = (modelId: string, version: string) =>
  and(eq(modelVersions.modelId, modelId), eq(modelVersions.version, version));
