import "server-only";
import { assets } from "@/db/schema/assets";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { mayRegister } from "@/lib/models/model";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { assetInput, assetKindName } from "./asset";

/** Enters a dataset, feature or pipeline that models are made from. */
export const registerAsset = command({
  name: "asset.registered",
  title: "Register an asset",
  http: { method: "POST", path: "/assets", status: 201 },
  input: assetInput,
  load: async (tx, input) => ({
    unit: await givenUnit(tx, input.businessUnit),
    owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
  }),
  may: (actor, { unit }) => mayRegister(actor, unit.id),
  run: async (tx, { input, subject: { unit, owner }, actor, now }) => {
    const { businessUnit: _, owner: __, ...own } = input;
    const id = newId();
    const ownerId = owner?.id ?? (actor.kind === "person" ? actor.id : null);
    const [row] = await tx
      .insert(assets)
      .values({
        ...own,
        id,
        dataClass: input.dataClass ?? null,
        ownerId,
        businessUnitId: unit.id,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: assets.id });
    const kind = assetKindName[input.kind].toLowerCase();
    if (!row)
      throw new Refusal("conflict", `There is a ${kind} called "${input.name}" already.`, [
        { field: "name", message: "Taken." },
      ]);
    return {
      result: { id, kind: input.kind, name: input.name, revision: 1 },
      entry: {
        subject: { kind: "asset", id, ref: input.name },
        summary: `registered the ${kind} ${input.name}`,
        body: { ...input, businessUnit: unit.slug, ownerId },
      },
    };
  },
});
