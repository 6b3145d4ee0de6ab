import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { patternDeviations } from "@/db/schema/adoption";
import { adrs } from "@/db/schema/decisions";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import { byRef } from "@/lib/decisions/load";
import { patternTexts } from "@/lib/library/editions";
import { modelSubject } from "@/lib/readiness/subject";
import { DecideDeviation, EndDeviation, RecordDeviation } from "./adoption";
import { mayAdopt } from "./pattern";
import { deviationsOf, pin } from "./pin";
import { type Adoption, currentAdoption } from "./queries";

type Recorded = { id: string; requirement: string; adr: string | null };
type Decided = { id: string; adr: string };

/** A record that may allow a deviation of this model: about it, or about no model in particular, and not refused or replaced. */
async function allowing(read: Reader, ref: string, modelId: string, actor: Actor) {
  const [adr] = await read
    .select({ id: adrs.id, ref: adrs.ref, status: adrs.status, modelId: adrs.modelId })
    .from(adrs)
    .where(and(byRef(ref), inReach(actor, "decisions:read", adrs.businessUnitId)));
  const fault = (message: string) => new Refusal("invalid", `adr: ${message}`, [{ field: "adr", message }]);
  if (!adr) throw fault(`There is no decision ${ref}. Write it under Decisions first.`);
  if (adr.modelId !== null && adr.modelId !== modelId) throw fault(`${adr.ref} is about another model.`);
  if (adr.status !== "proposed" && adr.status !== "accepted")
    throw fault(`${adr.ref} is ${adr.status}. Name one that is proposed or accepted.`);
  return adr;
}

function mustFollow(adoption: Adoption | null, model: string): Adoption {
  if (!adoption)
    throw new Refusal(
      "conflict",
      `${model} follows no reference architecture that it could depart from. Choose one first.`,
    );
  return adoption;
}

const pinOf = (a: Adoption) => ({ id: a.patternId, version: a.version, digest: a.digest });

/** Says which requirement of its pattern a model does not keep, and why. Without an accepted decision record it stays open. */
export const recordDeviation = command({
  name: "pattern.deviation.recorded",
  title: "Record a deviation from a reference architecture",
  http: { method: "POST", path: "/models/{name}/deviations", status: 201 },
  input: RecordDeviation,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAdopt,
  run: async (tx, { input, subject: model, actor, now }): Promise<Done<Recorded> | Unchanged<Recorded>> => {
    const adoption = mustFollow(await currentAdoption(tx, model.id), model.name);
    const pinned = (await patternTexts(tx, adoption.patternId)).find((p) => p.digest === adoption.digest);
    if (!pinned)
      throw new Refusal(
        "conflict",
        `The pinned text of ${adoption.patternId} version ${adoption.version} is not in this portal, so its requirements are unknown. Follow a version that is.`,
      );
    const requirement = pinned.checks.find((c) => c.id === input.requirement);
    if (!requirement)
      throw new Refusal(
        "invalid",
        `requirement: version ${pinned.version} has no requirement "${input.requirement}".`,
        [
          {
            field: "requirement",
            message: `No such requirement. It has ${pinned.checks.map((c) => c.id).join(", ")}.`,
          },
        ],
      );
    const adr = input.adr ? await allowing(tx, input.adr, model.id, actor) : null;
    const before = (await deviationsOf(tx, model.id)).find((d) => d.requirement === requirement.id);
    if (before && before.why === input.why && before.adrId === (adr?.id ?? null))
      return { unchanged: { id: before.id, requirement: requirement.id, adr: adr?.ref ?? null } };
    if (before) await end(tx, before.id, now);
    const id = newId();
    await tx.insert(patternDeviations).values({
      id,
      modelId: model.id,
      patternId: adoption.patternId,
      requirement: requirement.id,
      requirementTitle: requirement.title,
      why: input.why,
      adrId: adr?.id ?? null,
      recordedBy: actor.id,
      recordedAt: now,
    });
    const { readiness } = await pin(tx, model.id, pinOf(adoption), actor, now);
    return {
      result: { id, requirement: requirement.id, adr: adr?.ref ?? null },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `recorded that ${model.name} departs from “${requirement.title}” of ${adoption.patternId}${adr ? ` under ${adr.ref}` : ", without a decision yet"}`,
        body: {
          ...input,
          deviation: id,
          pattern: pinOf(adoption),
          title: requirement.title,
          replaced: before?.id ?? null,
          readiness,
        },
      },
    };
  },
});

/** Names the decision record that allows a deviation. */
export const decideDeviation = command({
  name: "pattern.deviation.linked",
  title: "Link a deviation to its decision",
  http: { method: "POST", path: "/models/{name}/deviations/{id}/decision" },
  input: DecideDeviation,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAdopt,
  run: async (tx, { input, subject: model, actor }): Promise<Done<Decided> | Unchanged<Decided>> => {
    const deviation = await live(tx, model.id, input.id);
    const adr = await allowing(tx, input.adr, model.id, actor);
    const result = { id: deviation.id, adr: adr.ref };
    if (deviation.adrId === adr.id) return { unchanged: result };
    await tx.update(patternDeviations).set({ adrId: adr.id }).where(eq(patternDeviations.id, deviation.id));
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `named ${adr.ref} (${adr.status}) for the deviation of ${model.name} from ${deviation.requirementTitle ? `“${deviation.requirementTitle}”` : deviation.patternId}`,
        body: {
          deviation: deviation.id,
          requirement: deviation.requirement,
          adr: adr.ref,
          status: adr.status,
          replaced: deviation.adrId,
        },
      },
    };
  },
});

/** Says that a model keeps the requirement now. */
export const endDeviation = command({
  name: "pattern.deviation.ended",
  title: "End a deviation",
  http: { method: "POST", path: "/models/{name}/deviations/{id}/end" },
  input: EndDeviation,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAdopt,
  run: async (tx, { input, subject: model, actor, now }) => {
    const deviation = await live(tx, model.id, input.id);
    const adoption = mustFollow(await currentAdoption(tx, model.id), model.name);
    await end(tx, deviation.id, now);
    const { readiness } = await pin(tx, model.id, pinOf(adoption), actor, now);
    return {
      result: { id: deviation.id },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `ended the deviation of ${model.name} from ${deviation.requirementTitle ? `“${deviation.requirementTitle}”` : deviation.patternId}: ${input.why}`,
        body: { deviation: deviation.id, requirement: deviation.requirement, why: input.why, readiness },
      },
    };
  },
});

async function live(tx: Tx, modelId: string, id: string) {
  const [row] = await tx
    .select()
    .from(patternDeviations)
    .where(and(eq(patternDeviations.id, id), eq(patternDeviations.modelId, modelId), isNull(patternDeviations.endedAt)))
    .for("update");
  if (!row) throw new Refusal("not_found", "This deviation does not stand any more. Reload to see which do.");
  return row;
}

const end = (tx: Tx, id: string, now: Date) =>
  tx.update(patternDeviations).set({ endedAt: now }).where(eq(patternDeviations.id, id));
