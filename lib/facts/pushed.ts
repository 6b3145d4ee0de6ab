import "server-only";
import { and, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { models, modelVersions } from "@/db/schema/models";
import { type Actor, holds } from "@/lib/core/actor";
import type { Job } from "@/lib/core/command";
import { type FieldFault, no, Refusal, type Verdict, yes } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { type Edge, recordEdges, runEdges } from "@/lib/lineage/record";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { factKey, nearestKey } from "./catalogue";
import { type FactValue, type NewFact, valueFault } from "./fact";
import { observeFacts, type Recorded } from "./record";

const scalar = z.union([z.string().max(2000, "At most 2000 characters."), z.number(), z.boolean()]);

export const Pushed = z.strictObject({
  model: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
  /** Version the fact is about; leave out for facts about the model. */
  version: z.string().trim().min(1).max(250, "At most 250 characters.").optional(),
  key: z.string().trim().min(1, "Give a key of the catalogue.").max(120, "At most 120 characters."),
  value: z.union([
    scalar,
    z.array(scalar).max(200, "At most 200 elements."),
    z.record(z.string().max(250), z.union([scalar, z.null()])),
  ]),
  /** Unit of a number; refused when it is not the catalogue's. */
  unit: z.string().trim().max(40, "At most 40 characters.").optional(),
  /** When it was true in the world; now if left out. */
  effectiveAt: instant().optional(),
  /** How it was measured, e.g. the query or the job's step. */
  detail: z.string().trim().max(2000, "At most 2000 characters.").optional(),
});
export type Pushed = z.output<typeof Pushed>;

export type PushSubject = {
  models: { id: string; name: string; unitId: string | null }[];
  versions: { id: string; version: string; modelId: string; runId: string | null }[];
};

/** A sender's clock may be so far ahead. */
const aheadMs = 300_000;

/** The models and versions that are named, as far as the actor's facts reach them. */
export async function loadPushed(
  tx: Tx,
  facts: readonly { model: string; version?: string | undefined }[],
  actor: Actor,
): Promise<PushSubject> {
  const found = (
    await tx
      .select({ id: models.id, name: models.name, unitId: models.businessUnitId })
      .from(models)
      .where(inArray(models.name, [...new Set(facts.map((f) => f.model))]))
  ).filter((m) => holds(actor, "facts:push", m.unitId));
  const named = [...new Set(facts.flatMap((f) => f.version ?? []))];
  const versions =
    found.length === 0 || named.length === 0
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
              inArray(modelVersions.version, named),
            ),
          );
  return { models: found, versions };
}

export const mayPush = (actor: Actor): Verdict =>
  holds(actor, "facts:push")
    ? yes
    : no("forbidden", "Pushing facts needs a service token with the right facts:push. Ask an administrator for one.");

/**
 * Checks pushed facts against the catalogue and records them: all or none, every fault named by its field. A model that is not there
 * and one of another team's are the same: not found. `refresh`: the models whose readiness may be another now; those of which
 * nothing but what was known was told again are not among them.
 */
export async function writePushed(
  tx: Tx,
  {
    facts,
    run,
    subject,
    actor,
    now,
  }: { facts: readonly Pushed[]; run: string | null; subject: PushSubject; actor: Actor; now: Date },
): Promise<{ recorded: Recorded; refresh: Job[] }> {
  const faults: FieldFault[] = [];
  const absent: FieldFault[] = [];
  const fresh: NewFact[] = [];
  const edges: Edge[] = [];
  const byName = new Map(subject.models.map((m) => [m.name, m]));
  const byVersion = new Map(subject.versions.map((v) => [`${v.modelId} ${v.version}`, v]));
  for (const [i, fact] of facts.entries()) {
    const at = `facts.${i}`;
    const model = byName.get(fact.model);
    const version = fact.version === undefined ? undefined : byVersion.get(`${model?.id} ${fact.version}`);
    const effectiveAt = fact.effectiveAt ? new Date(fact.effectiveAt) : now;
    const before = faults.length + absent.length;
    if (!model) absent.push({ field: `${at}.model`, message: `There is no model ${fact.model} in the inventory.` });
    else if (fact.version !== undefined && !version)
      absent.push({ field: `${at}.version`, message: `${fact.model} has no version ${fact.version}.` });
    faults.push(...faultsOf(fact, at, effectiveAt, now));
    if (faults.length + absent.length > before || !model) continue;
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
      source: { kind: "push", id: actor.id, name: actor.name, runRef: run },
      detail: fact.detail ?? null,
    });
  }
  const all = [...faults, ...absent];
  const [first] = all;
  if (first)
    throw new Refusal(
      faults.length > 0 ? "invalid" : "not_found",
      `Nothing was recorded: ${all.length === 1 ? "one fault in the batch" : `${all.length} faults in the batch; the first`}, ${first.field}: ${first.message}`,
      all.slice(0, 100),
    );
  const { touched, ...recorded } = await observeFacts(tx, fresh, now);
  await recordEdges(tx, edges, actor.id, now);
  const lineage = edges.length > 0;
  const other = subject.models.filter(
    (m) => lineage || touched.has(m.id) || subject.versions.some((v) => v.modelId === m.id && touched.has(v.id)),
  );
  return { recorded, refresh: other.map((m) => refreshJob(m.id)) };
}

function faultsOf(fact: Pushed, at: string, effectiveAt: Date, now: Date): FieldFault[] {
  const out: FieldFault[] = [];
  if (effectiveAt.getTime() > now.getTime() + aheadMs)
    out.push({ field: `${at}.effectiveAt`, message: "Lies in the future. Check the clock of the sender." });
  const known = factKey(fact.key);
  if (!known) return [...out, { field: `${at}.key`, message: unknownKey(fact.key) }];
  const fault = valueFault(known.type, fact.value);
  if (fault) out.push({ field: `${at}.value`, message: `${fact.key} is ${known.meaning.toLowerCase()} ${fault}` });
  if (fact.unit !== undefined && fact.unit !== known.unit)
    out.push({
      field: `${at}.unit`,
      message: known.unit
        ? `${fact.key} is given in ${known.unit}, not in ${fact.unit || "nothing"}. Convert it and send it again.`
        : `${fact.key} has no unit. Leave it out.`,
    });
  if (known.from === "Countersign")
    out.push({ field: `${at}.key`, message: `${fact.key} is what the portal itself knows; it cannot be pushed.` });
  if (known.about === "model_version" && !fact.version)
    out.push({ field: `${at}.version`, message: `${fact.key} is about a version; name it.` });
  if (known.about === "model" && fact.version)
    out.push({ field: `${at}.version`, message: `${fact.key} is about the model; leave the version out.` });
  return out;
}

function unknownKey(key: string): string {
  const nearest = nearestKey(key);
  return `There is no fact "${key}" in the catalogue.${nearest ? ` Did you mean "${nearest}"?` : " See /api/v1/facts/catalogue."}`;
}
