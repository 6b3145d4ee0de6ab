import "server-only";
import { and, inArray } from "drizzle-orm";
import { z } from "zod";
import { models, modelVersions } from "@/db/schema/models";
import { holds } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { type FieldFault, no, Refusal, yes } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { type Edge, recordEdges, runEdges } from "@/lib/lineage/record";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { factKey, nearestKey } from "./catalogue";
import { type FactValue, type NewFact, valueFault } from "./fact";
import { recordFacts } from "./record";

const scalar = z.union([z.string().max(2000, "At most 2000 characters."), z.number(), z.boolean()]);

const Pushed = z.strictObject({
  model: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
  /** Version the fact is about; leave out for facts about the model. */
  version: z.string().trim().min(1).max(250, "At most 250 characters.").optional(),
  key: z.string().trim().min(1, "Give a key of the catalogue.").max(120, "At most 120 characters."),
  value: z.union([
    scalar,
    z.array(scalar).max(200, "At most 200 elements."),
    z.record(z.string().max(250), z.union([scalar, z.null()])),
  ]),
  /** When it was true in the world; now if left out. */
  effectiveAt: instant().optional(),
});

export const PushFacts = z.strictObject({
  facts: z.array(Pushed).min(1, "Send at least one fact.").max(500, "Send at most 500 facts at once."),
  /** The CI job or run that observed them. */
  run: z.string().trim().max(500, "At most 500 characters.").optional(),
});

/** Facts from a pipeline, scanner or monitor. All of a batch is recorded or none, and every fault in it is named. */
export const pushFacts = command({
  name: "facts.pushed",
  title: "Push facts about models and versions",
  http: { method: "POST", path: "/facts", status: 201 },
  input: PushFacts,
  load: async (tx, { facts }) => {
    const names = [...new Set(facts.map((f) => f.model))];
    const found = await tx
      .select({ id: models.id, name: models.name, unitId: models.businessUnitId })
      .from(models)
      .where(inArray(models.name, names));
    const versions =
      found.length === 0
        ? []
        : await tx
            .select({
              id: modelVersions.id,
              version: modelVersions.version,
              modelId: modelVersions.modelId,
              runId: modelVersions.runId,
            })
            .from(modelVersions)
            .where(
              and(
                inArray(
                  modelVersions.modelId,
                  found.map((m) => m.id),
                ),
                inArray(modelVersions.version, [...new Set(facts.flatMap((f) => f.version ?? []))]),
              ),
            );
    return { models: found, versions };
  },
  may: (actor, subject) => {
    if (!holds(actor, "facts:push"))
      return no(
        "forbidden",
        "Pushing facts needs a service token with the right facts:push. Ask an administrator for one.",
      );
    const outside = subject.models.find((m) => !holds(actor, "facts:push", m.unitId));
    return outside ? no("forbidden", `This token does not reach ${outside.name}.`) : yes;
  },
  run: async (tx, { input, subject, actor, now }) => {
    const faults: FieldFault[] = [];
    const fresh: NewFact[] = [];
    const edges: Edge[] = [];
    for (const [i, fact] of input.facts.entries()) {
      const at = `facts.${i}`;
      const model = subject.models.find((m) => m.name === fact.model);
      const version = subject.versions.find((v) => v.modelId === model?.id && v.version === fact.version);
      const known = factKey(fact.key);
      const effectiveAt = fact.effectiveAt ? new Date(fact.effectiveAt) : now;
      const before = faults.length;
      if (!model) faults.push({ field: `${at}.model`, message: `There is no model ${fact.model} in the inventory.` });
      else if (fact.version && !version)
        faults.push({ field: `${at}.version`, message: `${fact.model} has no version ${fact.version}.` });
      if (!known) faults.push({ field: `${at}.key`, message: unknownKey(fact.key) });
      else {
        const fault = valueFault(known.type, fact.value);
        if (fault)
          faults.push({ field: `${at}.value`, message: `${fact.key} is ${known.meaning.toLowerCase()} ${fault}` });
        if (known.from === "Countersign")
          faults.push({
            field: `${at}.key`,
            message: `${fact.key} is what the portal itself knows; it cannot be pushed.`,
          });
        if (known.about === "model_version" && !fact.version)
          faults.push({ field: `${at}.version`, message: `${fact.key} is about a version; name it.` });
        if (known.about === "model" && fact.version)
          faults.push({ field: `${at}.version`, message: `${fact.key} is about the model; leave the version out.` });
      }
      if (effectiveAt.getTime() > now.getTime() + 300_000)
        faults.push({ field: `${at}.effectiveAt`, message: "Lies in the future. Check the clock of the sender." });
      if (faults.length > before || !model) continue;
      if (fact.key === "run.datasets" && version?.runId && Array.isArray(fact.value)) {
        const read = fact.value.map(String).map((name) => ({ id: name, name }));
        const made = { id: version.id, name: `${model.name} ${version.version}`, modelId: model.id };
        edges.push(...runEdges({ id: version.runId, name: version.runId }, read, made));
      }
      fresh.push({
        subjectKind: version ? "model_version" : "model",
        subjectId: version?.id ?? model.id,
        key: fact.key,
        value: fact.value as FactValue,
        effectiveAt,
        collectedAt: now,
        source: { kind: "push", id: actor.id, name: actor.name, runRef: input.run ?? null },
      });
    }
    const first = faults[0];
    if (first)
      throw new Refusal(
        "invalid",
        `Nothing was recorded: ${faults.length} ${faults.length === 1 ? "fact is" : "faults in the batch; the first is"} ${first.field}: ${first.message}`,
        faults.slice(0, 100),
      );
    const recorded = await recordFacts(tx, fresh, now);
    await recordEdges(tx, edges, actor.id, now);
    const touched = [...new Set(input.facts.map((f) => f.model))];
    const only = subject.models.length === 1 ? subject.models[0] : null;
    return {
      result: recorded,
      entry: {
        subject: only
          ? { kind: "model", id: only.id, ref: only.name }
          : { kind: "facts", id: newId(), ref: `${touched.length} models` },
        modelId: only?.id ?? null,
        summary: `pushed ${input.facts.length} ${input.facts.length === 1 ? "fact" : "facts"} about ${only?.name ?? `${touched.length} models`}`,
        body: { facts: input.facts, run: input.run ?? null, recorded },
      },
      jobs: subject.models.map((m) => refreshJob(m.id)),
    };
  },
});

function unknownKey(key: string): string {
  const nearest = nearestKey(key);
  return `There is no fact "${key}" in the catalogue.${nearest ? ` Did you mean "${nearest}"?` : " See /api/v1/facts/catalogue."}`;
}
