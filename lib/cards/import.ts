import "server-only";
import { createHash } from "node:crypto";
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { assetLinks, assets } from "@/db/schema/assets";
import { modelCards } from "@/db/schema/cards";
import { modelVersions } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findModel, findVersion } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { mayRegisterVersion } from "@/lib/models/model";
import { maxCardBytes, readCard } from "./card";

/** The card of a version that is in force; null while it has none. */
export async function cardOf(read: Reader, versionId: string): Promise<{ content: Buffer; sha256: string } | null> {
  const [row] = await read
    .select({ content: modelCards.content, sha256: modelCards.sha256 })
    .from(modelCards)
    .where(eq(modelCards.versionId, versionId))
    .orderBy(desc(modelCards.importedAt), desc(modelCards.id))
    .limit(1);
  return row ?? null;
}

/**
 * Takes a version's model card (Hugging Face: YAML and Markdown) and keeps it to the byte. Licence and base model that it names are the
 * version's from then on, and datasets that the inventory knows by name are linked; the others stay in the card.
 */
export const importCard = command({
  name: "model.card.imported",
  title: "Import a version's model card",
  http: { method: "PUT", path: "/models/{name}/versions/{version}/card" },
  input: z.strictObject({
    name: modelKey,
    version: z.string().min(1).max(120),
    /** The card's text: YAML between lines of three dashes, then Markdown. */
    card: z.string().max(maxCardBytes, "A model card has at most 256 KB."),
  }),
  load: async (tx, input, actor) => {
    const model = await findModel(tx, input.name, actor);
    return { model, version: await findVersion(tx, model, input.version) };
  },
  may: (actor, { model }) => mayRegisterVersion(actor, model),
  run: async (tx, { input, subject: { model, version }, actor, now }) => {
    const content = Buffer.from(input.card);
    if (content.length > maxCardBytes)
      throw new Refusal("invalid", "card: A model card has at most 256 KB.", [
        { field: "card", message: "At most 256 KB." },
      ]);
    const fields = readCard(input.card);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const known =
      fields.datasets.length > 0
        ? await tx
            .select({ id: assets.id, name: assets.name })
            .from(assets)
            .where(and(eq(assets.kind, "dataset"), inArray(assets.name, [...fields.datasets])))
        : [];
    const result = {
      model: model.name,
      version: version.version,
      sha256,
      licence: fields.licence ?? version.licence,
      baseModel: fields.baseModel ?? version.baseModel,
      unknownDatasets: fields.datasets.filter((d) => !known.some((k) => k.name === d)),
    };
    if ((await cardOf(tx, version.id))?.sha256 === sha256) return { unchanged: result };
    const id = newId();
    await tx.insert(modelCards).values({
      id,
      modelId: model.id,
      versionId: version.id,
      content,
      sha256,
      importedBy: `${actor.kind}:${actor.id}`,
      importedByName: actor.name,
      importedAt: now,
    });
    await tx
      .update(modelVersions)
      .set({ licence: result.licence, baseModel: result.baseModel })
      .where(eq(modelVersions.id, version.id));
    if (known.length > 0)
      await tx
        .insert(assetLinks)
        .values(
          known.map((k) => ({ id: newId(), assetId: k.id, modelId: model.id, versionId: version.id, since: now })),
        )
        .onConflictDoNothing();
    return {
      result,
      entry: {
        subject: { kind: "model_version", id: version.id, ref: `${model.name} ${version.version}` },
        modelId: model.id,
        summary: `imported the model card of ${model.name} ${version.version}`,
        body: {
          ...result,
          before: { licence: version.licence, baseModel: version.baseModel },
          datasets: known.map((k) => k.name),
        },
      },
    };
  },
});
