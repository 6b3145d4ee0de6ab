import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { patternDeviations } from "@/db/schema/adoption";
import { adrs } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import { byRef } from "@/lib/decisions/load";
import { patternTexts } from "@/lib/library/editions";
import { servesUseCase } from "@/lib/use-cases/serving";
import {
  DecideDeviation,
  DecideUseCaseDeviation,
  EndDeviation,
  EndUseCaseDeviation,
  RecordDeviation,
  RecordUseCaseDeviation,
} from "./adoption";
import { entrySubject, type FollowerKey, modelFollower, of, owned, useCaseFollower } from "./follower";
import { type Follower, mayAdopt } from "./pattern";
import { deviationsOf, pin } from "./pin";
import { type Adoption, adoptionOf } from "./queries";

type Recorded = { id: string; requirement: string; adr: string | null };
type Decided = { id: string; adr: string };

/**
 * A record that may allow a deviation: about the model, about a model that serves the use case, or about no model in particular, and
 * not refused or replaced.
 */
async function allowing(read: Reader, ref: string, follower: FollowerKey, actor: Actor) {
  const [adr] = await read
    .select({ id: adrs.id, ref: adrs.ref, status: adrs.status, modelId: adrs.modelId })
    .from(adrs)
    .where(and(byRef(ref), inReach(actor, "decisions:read", adrs.businessUnitId)));
  const fault = (message: string) => new Refusal("invalid", `adr: ${message}`, [{ field: "adr", message }]);
  if (!adr) throw fault(`There is no decision ${ref}. Write it under Decisions first.`);
  if (adr.modelId !== null && !(await concerns(read, adr.modelId, follower)))
    throw fault(
      `${adr.ref} is about another model.${follower.kind === "use_case" ? " It does not serve this use case." : ""}`,
    );
  if (adr.status !== "proposed" && adr.status !== "accepted")
    throw fault(`${adr.ref} is ${adr.status}. Name one that is proposed or accepted.`);
  return adr;
}

async function concerns(read: Reader, modelId: string, follower: FollowerKey): Promise<boolean> {
  if (follower.kind === "model") return modelId === follower.id;
  const [serving] = await read
    .select({ id: models.id })
    .from(models)
    .where(and(eq(models.id, modelId), servesUseCase(follower.id)));
  return serving !== undefined;
}

function mustFollow(adoption: Adoption | null, name: string): Adoption {
  if (!adoption)
    throw new Refusal(
      "conflict",
      `${name} follows no reference architecture that it could depart from. Choose one first.`,
    );
  return adoption;
}

const pinOf = (a: Adoption) => ({ id: a.patternId, version: a.version, digest: a.digest });

type Run<I> = { input: I; subject: Follower; actor: Actor; now: Date };
type Departing = { requirement: string; why: string; adr?: string };
type Deciding = { id: string; adr: string };
type Ending = { id: string; why: string };

/** Says which requirement of its pattern a model does not keep, and why. Without an accepted decision record it stays open. */
export const recordDeviation = command({
  name: "pattern.deviation.recorded",
  title: "Record a deviation from a reference architecture",
  http: { method: "POST", path: "/models/{name}/deviations", status: 201 },
  input: RecordDeviation,
  load: modelFollower,
  may: mayAdopt,
  run: record,
});

export const recordUseCaseDeviation = command({
  name: "use_case.deviation.recorded",
  title: "Record where a use case deviates from its reference architecture",
  http: { method: "POST", path: "/use-cases/{useCase}/deviations", status: 201 },
  input: RecordUseCaseDeviation,
  load: useCaseFollower,
  may: mayAdopt,
  run: record,
});

async function record(
  tx: Tx,
  { input, subject: follower, actor, now }: Run<Departing>,
): Promise<Done<Recorded> | Unchanged<Recorded>> {
  const adoption = mustFollow(await adoptionOf(tx, follower), follower.name);
  const pinned = (await patternTexts(tx, adoption.patternId)).find((p) => p.digest === adoption.digest);
  if (!pinned)
    throw new Refusal(
      "conflict",
      `The pinned text of ${adoption.patternId} version ${adoption.version} is not in this portal, so its requirements are unknown. Follow a version that is.`,
    );
  const requirement = pinned.checks.find((c) => c.id === input.requirement);
  if (!requirement)
    throw new Refusal("invalid", `requirement: version ${pinned.version} has no requirement "${input.requirement}".`, [
      {
        field: "requirement",
        message: `No such requirement. It has ${pinned.checks.map((c) => c.id).join(", ")}.`,
      },
    ]);
  const adr = input.adr ? await allowing(tx, input.adr, follower, actor) : null;
  const before = (await deviationsOf(tx, follower)).find((d) => d.requirement === requirement.id);
  if (before && before.why === input.why && before.adrId === (adr?.id ?? null))
    return { unchanged: { id: before.id, requirement: requirement.id, adr: adr?.ref ?? null } };
  if (before) await end(tx, before.id, now);
  const id = newId();
  await tx.insert(patternDeviations).values({
    id,
    ...owned(follower),
    patternId: adoption.patternId,
    requirement: requirement.id,
    requirementTitle: requirement.title,
    why: input.why,
    adrId: adr?.id ?? null,
    recordedBy: actor.id,
    recordedAt: now,
  });
  const { heard } = await pin(tx, follower, pinOf(adoption), actor, now);
  return {
    result: { id, requirement: requirement.id, adr: adr?.ref ?? null },
    entry: {
      ...entrySubject(follower),
      summary: `recorded that ${follower.name} departs from “${requirement.title}” of ${adoption.patternId}${adr ? ` under ${adr.ref}` : ", without a decision yet"}`,
      body: {
        ...input,
        deviation: id,
        pattern: pinOf(adoption),
        title: requirement.title,
        replaced: before?.id ?? null,
        ...(heard && { readiness: heard.readiness }),
      },
    },
  };
}

/** Names the decision record that allows a deviation. */
export const decideDeviation = command({
  name: "pattern.deviation.linked",
  title: "Link a deviation to its decision",
  http: { method: "POST", path: "/models/{name}/deviations/{id}/decision" },
  input: DecideDeviation,
  load: modelFollower,
  may: mayAdopt,
  run: decide,
});

export const decideUseCaseDeviation = command({
  name: "use_case.deviation.linked",
  title: "Link a deviation of a use case to its decision",
  http: { method: "POST", path: "/use-cases/{useCase}/deviations/{id}/decision" },
  input: DecideUseCaseDeviation,
  load: useCaseFollower,
  may: mayAdopt,
  run: decide,
});

async function decide(
  tx: Tx,
  { input, subject: follower, actor }: Run<Deciding>,
): Promise<Done<Decided> | Unchanged<Decided>> {
  const deviation = await live(tx, follower, input.id);
  const adr = await allowing(tx, input.adr, follower, actor);
  const result = { id: deviation.id, adr: adr.ref };
  if (deviation.adrId === adr.id) return { unchanged: result };
  await tx.update(patternDeviations).set({ adrId: adr.id }).where(eq(patternDeviations.id, deviation.id));
  return {
    result,
    entry: {
      ...entrySubject(follower),
      summary: `named ${adr.ref} (${adr.status}) for the deviation of ${follower.name} from ${what(deviation)}`,
      body: {
        deviation: deviation.id,
        requirement: deviation.requirement,
        adr: adr.ref,
        status: adr.status,
        replaced: deviation.adrId,
      },
    },
  };
}

/** Says that a model keeps the requirement now. */
export const endDeviation = command({
  name: "pattern.deviation.ended",
  title: "End a deviation",
  http: { method: "POST", path: "/models/{name}/deviations/{id}/end" },
  input: EndDeviation,
  load: modelFollower,
  may: mayAdopt,
  run: keep,
});

export const endUseCaseDeviation = command({
  name: "use_case.deviation.ended",
  title: "End a deviation of a use case",
  http: { method: "POST", path: "/use-cases/{useCase}/deviations/{id}/end" },
  input: EndUseCaseDeviation,
  load: useCaseFollower,
  may: mayAdopt,
  run: keep,
});

async function keep(tx: Tx, { input, subject: follower, actor, now }: Run<Ending>): Promise<Done<{ id: string }>> {
  const deviation = await live(tx, follower, input.id);
  const adoption = mustFollow(await adoptionOf(tx, follower), follower.name);
  await end(tx, deviation.id, now);
  const { heard } = await pin(tx, follower, pinOf(adoption), actor, now);
  return {
    result: { id: deviation.id },
    entry: {
      ...entrySubject(follower),
      summary: `ended the deviation of ${follower.name} from ${what(deviation)}: ${input.why}`,
      body: {
        deviation: deviation.id,
        requirement: deviation.requirement,
        why: input.why,
        ...(heard && { readiness: heard.readiness }),
      },
    },
  };
}

const what = (d: { requirementTitle: string | null; patternId: string }): string =>
  d.requirementTitle ? `“${d.requirementTitle}”` : d.patternId;

async function live(tx: Tx, follower: FollowerKey, id: string) {
  const [row] = await tx
    .select()
    .from(patternDeviations)
    .where(and(eq(patternDeviations.id, id), of(patternDeviations, follower), isNull(patternDeviations.endedAt)))
    .for("update");
  if (!row) throw new Refusal("not_found", "This deviation does not stand any more. Reload to see which do.");
  return row;
}

const end = (tx: Tx, id: string, now: Date) =>
  tx.update(patternDeviations).set({ endedAt: now }).where(eq(patternDeviations.id, id));
