import "server-only";
import { useCases } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { mayRegister } from "@/lib/models/model";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { useCaseInput } from "./use-case";

/** Enters a use case, so that models can say what they are for. */
export const registerUseCase = command({
  name: "use_case.registered",
  title: "Register a use case",
  http: { method: "POST", path: "/use-cases", status: 201 },
  input: useCaseInput,
  load: async (tx, input) => ({
    unit: await givenUnit(tx, input.businessUnit),
    owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
  }),
  may: (actor, { unit }) => mayRegister(actor, unit.id),
  run: async (tx, { input, subject: { unit, owner }, actor, now }) => {
    const id = newId();
    const ref = await nextRef(tx, "uc");
    const ownerId = owner?.id ?? (actor.kind === "person" ? actor.id : null);
    const [row] = await tx
      .insert(useCases)
      .values({
        id,
        ref,
        name: input.name,
        problem: input.problem,
        sponsor: input.sponsor,
        valueAmount: input.value?.amount ?? null,
        valueCurrency: input.value?.currency ?? null,
        valueKind: input.value?.kind ?? null,
        status: input.status,
        euRole: input.euRole ?? null,
        legalClass: input.legalClass ?? null,
        ownerId,
        businessUnitId: unit.id,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: useCases.id });
    if (!row)
      throw new Refusal("conflict", `There is a use case called "${input.name}" already.`, [
        { field: "name", message: "Taken." },
      ]);
    return {
      result: { id, ref, name: input.name, revision: 1 },
      entry: {
        subject: { kind: "use_case", id, ref },
        summary: `registered the use case ${input.name}`,
        body: { ...input, businessUnit: unit.slug, ownerId },
      },
    };
  },
});
