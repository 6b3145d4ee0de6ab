import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { models } from "@/db/schema/models";
import { holds } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { findModel, findUseCase } from "./find";
import { claimInput } from "./inputs";
import { mayClaim } from "./model";

/** Takes, or hands over, the ownership of a model. */
export const claimModel = command({
  name: "model.claimed",
  title: "Claim a model",
  http: { method: "POST", path: "/models/{name}/claim" },
  input: claimInput,
  load: async (tx, input, actor) => ({
    model: await findModel(tx, input.name, actor),
    unit: await givenUnit(tx, input.businessUnit),
    owner: input.owner
      ? await givenPerson(tx, input.owner, "owner")
      : actor.kind === "person"
        ? { id: actor.id, name: actor.name }
        : null,
    backup: input.backupOwner ? await givenPerson(tx, input.backupOwner, "backupOwner") : null,
    useCase: input.useCase ? await findUseCase(tx, input.useCase) : null,
  }),
  may: (actor, { model, unit }) => {
    const verdict = mayClaim(actor, model);
    if (!verdict.ok) return verdict;
    return holds(actor, "inventory:claim", unit.id)
      ? yes
      : no("forbidden", `Your role does not reach ${unit.name}. Claim the model for one of your business units.`);
  },
  run: async (tx, { input, subject: { model, unit, owner, backup, useCase }, actor, now }) => {
    if (!owner)
      throw new Refusal("invalid", "Name the owner: a service cannot own a model.", [
        { field: "owner", message: "Needed, because a service cannot own a model." },
      ]);
    if (backup?.id === owner.id)
      throw new Refusal("invalid", "The deputy must be someone other than the owner.", [
        { field: "backupOwner", message: "Is the owner." },
      ]);
    const rows = await tx
      .update(models)
      .set({
        ownerId: owner.id,
        backupOwnerId: backup?.id ?? null,
        businessUnitId: unit.id,
        kind: input.kind,
        servingType: input.servingType,
        ...(input.team === undefined ? {} : { team: input.team }),
        ...(useCase ? { useCaseId: useCase.id } : {}),
        stage: model.stage === "unclaimed" ? "development" : model.stage,
        claimedAt: now,
        updatedAt: now,
        revision: sql`${models.revision} + 1`,
      })
      .where(and(eq(models.id, model.id), sql`${models.ownerId} is not distinct from ${model.ownerId}`))
      .returning({ revision: models.revision });
    if (!rows[0]) throw new Refusal("conflict", `Someone else claimed ${model.name} a moment ago. Reload to see who.`);
    return {
      result: { id: model.id, name: model.name, revision: rows[0].revision, owner: owner.name },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary:
          owner.id === actor.id
            ? `claimed ${model.name} for ${unit.name}`
            : `made ${owner.name} the owner of ${model.name}`,
        body: {
          before: { ownerId: model.ownerId, backupOwnerId: model.backupOwnerId, businessUnitId: model.businessUnitId },
          after: {
            ownerId: owner.id,
            backupOwnerId: backup?.id ?? null,
            businessUnitId: unit.id,
            kind: input.kind,
            servingType: input.servingType,
            useCase: useCase?.ref ?? null,
          },
        },
      },
    };
  },
});
