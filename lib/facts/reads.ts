import "server-only";
import { and, desc, eq, or } from "drizzle-orm";
import { z } from "zod";
import { models, modelVersions } from "@/db/schema/models";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { holds } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { catalogue, factKey } from "./catalogue";
import { isStale } from "./fact";
import { currentFacts } from "./queries";

export const factCatalogue = query({
  name: "facts.catalogue",
  title: "List every kind of fact",
  http: { method: "GET", path: "/facts/catalogue" },
  input: z.strictObject({}),
  run: async () => {
    const items = newestOfEach(loadContent().checklists).flatMap((c) => c.items);
    return {
      items: catalogue.map((known) => ({
        ...known,
        /** Readiness items whose check asks for it. */
        askedBy: items.filter((i) => asks(i.check, known.key)).map((i) => i.id),
      })),
    };
  },
});

const asks = (check: string | null | undefined, key: string): boolean =>
  new RegExp(`(^|[^a-z0-9_.])${key.replaceAll(".", "\\.")}($|[^a-z0-9_])`).test(check ?? "");

/** The facts in force about a model, or about one of its versions, each with its provenance and whether it is stale. */
export const modelFacts = query({
  name: "models.facts",
  title: "Read the facts about a model or version",
  http: { method: "GET", path: "/models/{name}/facts" },
  input: z.strictObject({
    name: z.string().trim().min(1).max(250),
    version: z.string().trim().min(1).max(250).optional(),
  }),
  run: async (read, { name, version }, actor, now) => {
    const [model] = await read
      .select({ id: models.id, name: models.name, unitId: models.businessUnitId })
      .from(models)
      .where(isUuid(name) ? or(eq(models.id, name), eq(models.name, name)) : eq(models.name, name))
      .limit(1);
    if (!model || !holds(actor, "inventory:read", model.unitId))
      throw new Refusal("not_found", `There is no model ${name} in the inventory.`);
    const [found] = await read
      .select({ id: modelVersions.id, version: modelVersions.version })
      .from(modelVersions)
      .where(and(eq(modelVersions.modelId, model.id), version ? eq(modelVersions.version, version) : undefined))
      .orderBy(desc(modelVersions.registeredAt), desc(modelVersions.id))
      .limit(1);
    if (version && !found) throw new Refusal("not_found", `${model.name} has no version ${version}.`);
    const facts = await currentFacts(read, found ? [model.id, found.id] : [model.id]);
    return {
      model: model.name,
      version: found?.version ?? null,
      items: facts.map((fact) => {
        const known = factKey(fact.key);
        return {
          ...fact,
          unit: known?.unit ?? "",
          meaning: known?.meaning ?? "",
          maxAgeDays: known?.maxAgeDays ?? null,
          stale: isStale(fact, known?.maxAgeDays ?? null, now),
        };
      }),
    };
  },
});
