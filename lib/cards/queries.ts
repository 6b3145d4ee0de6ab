import "server-only";
import { z } from "zod";
import { aboutVersion } from "@/lib/bom/about";
import { query } from "@/lib/core/query";
import { modelKey } from "@/lib/models/inputs";
import { newCard, writeCard } from "./card";
import { cardOf } from "./import";

/**
 * A version's model card as Markdown with YAML: the one that was imported, with what the inventory has said since, or one made from the
 * inventory. `imported` says which.
 */
export const modelCard = query({
  name: "model.card.read",
  title: "Read a version's model card",
  http: { method: "GET", path: "/models/{name}/versions/{version}/card" },
  input: z.strictObject({ name: modelKey, version: z.string().min(1).max(120) }),
  run: async (read, input, actor) => {
    const { model, version, versionId, datasets, metrics } = await aboutVersion(read, input.name, input.version, actor);
    if (!version || versionId === null) throw new Error(`version ${input.version} was found and is gone`);
    const fields = {
      licence: version.licence,
      baseModel: version.baseModel,
      datasets: datasets.map((d) => d.name),
    };
    const there = await cardOf(read, versionId);
    const card = there
      ? writeCard(there.content.toString("utf8"), fields)
      : newCard({ ...model, owner: model.owner?.name ?? null }, version.version, fields, metrics);
    return { model: model.name, version: version.version, imported: there !== null, card };
  },
});
