import "server-only";
import { models } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { findUseCase } from "./find";
import { registerInput } from "./inputs";
import { mayRegister } from "./model";
import { nearTo, rememberApart, sayNear } from "./near";

/** Enters a model that no connected registry holds. */
export const registerModel = command({
  name: "model.registered",
  title: "Register a model",
  http: { method: "POST", path: "/models", status: 201 },
  input: registerInput,
  load: async (tx, input) => ({
    unit: await givenUnit(tx, input.businessUnit),
    owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
    backup: input.backupOwner ? await givenPerson(tx, input.backupOwner, "backupOwner") : null,
    useCase: input.useCase ? await findUseCase(tx, input.useCase) : null,
  }),
  may: (actor, { unit }) => mayRegister(actor, unit.id),
  run: async (tx, { input, subject: { unit, owner, backup, useCase }, actor, now }) => {
    if (owner && backup && owner.id === backup.id)
      throw new Refusal("invalid", "The deputy must be someone other than the owner.", [
        { field: "backupOwner", message: "Is the owner." },
      ]);
    const near = await nearTo(tx, { name: input.name });
    if (near.length > 0 && input.distinctBecause === undefined)
      throw new Refusal(
        "conflict",
        `${input.name} looks like ${sayNear(near)}. Use that model and register versions there, or say why this is another one.`,
        [{ field: "distinctBecause", message: `Say why it is not ${near[0]?.name}, or use that model.` }],
      );
    const id = newId();
    // Whoever enters a model answers for it unless they name someone.
    const ownerId = owner?.id ?? (actor.kind === "person" ? actor.id : null);
    const [row] = await tx
      .insert(models)
      .values({
        id,
        name: input.name,
        description: input.description,
        kind: input.kind,
        method: input.method,
        servingType: input.servingType,
        platform: input.platform,
        stage: ownerId ? input.stage : "unclaimed",
        businessUnitId: unit.id,
        ownerId,
        backupOwnerId: backup?.id ?? null,
        team: input.team,
        useCaseId: useCase?.id ?? null,
        sourceUrl: input.sourceUrl ?? null,
        claimedAt: ownerId ? now : null,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: models.id });
    if (!row)
      throw new Refusal("conflict", `There is a model called ${input.name} already. Choose another name, or open it.`, [
        { field: "name", message: "Taken." },
      ]);
    if (near.length > 0) await rememberApart(tx, id, input.name, input.distinctBecause ?? "", actor.id, now);
    return {
      result: { id, name: input.name, revision: 1 },
      entry: {
        subject: { kind: "model", id, ref: input.name },
        modelId: id,
        summary: `registered ${input.name} for ${unit.name}`,
        body: {
          ...input,
          businessUnit: unit.slug,
          ownerId,
          backupOwnerId: backup?.id ?? null,
          useCase: useCase?.ref ?? null,
          lookedLike: near.map((n) => n.name),
        },
      },
    };
  },
});
