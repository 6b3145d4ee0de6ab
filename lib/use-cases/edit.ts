import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { useCases } from "@/db/schema/models";
import { holds } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { no, Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { findUseCaseFor } from "./find";
import { mayEditUseCase, useCaseEdit } from "./use-case";

/** Changes a use case, if nobody else did since it was read. It retires when no live model serves it any more. */
export const editUseCase = command({
  name: "use_case.edited",
  title: "Edit a use case",
  http: { method: "PATCH", path: "/use-cases/{useCase}" },
  input: useCaseEdit,
  load: async (tx, input, actor) => ({
    useCase: await findUseCaseFor(tx, input.useCase, actor),
    unit: input.businessUnit ? await givenUnit(tx, input.businessUnit) : null,
    owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
  }),
  may: (actor, { useCase, unit }) => {
    const verdict = mayEditUseCase(actor, useCase);
    if (!verdict.ok || !unit || holds(actor, "inventory:write", unit.id)) return verdict;
    return no(
      "forbidden",
      `Your role does not reach ${unit.name}. Hand the use case over to someone who has one there.`,
    );
  },
  run: async (tx, { input, subject: { useCase: before, unit, owner }, now }) => {
    if (before.revision !== input.revision) throw changedSince(before.ref);
    const { value } = input;
    const change = {
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.problem === undefined ? {} : { problem: input.problem }),
      ...(input.sponsor === undefined ? {} : { sponsor: input.sponsor }),
      ...(input.status === undefined ? {} : { status: input.status }),
      ...(input.euRole === undefined ? {} : { euRole: input.euRole }),
      ...(input.legalClass === undefined ? {} : { legalClass: input.legalClass }),
      ...(input.owner === undefined ? {} : { ownerId: owner?.id ?? null }),
      ...(unit ? { businessUnitId: unit.id } : {}),
      ...(value === undefined
        ? {}
        : {
            valueAmount: value ? decimal(value.amount) : null,
            valueCurrency: value?.currency ?? null,
            valueKind: value?.kind ?? null,
          }),
    };
    const changed = Object.fromEntries(
      Object.entries(change).filter(([key, to]) => to !== before[key as keyof typeof before]),
    );
    const result = { id: before.id, ref: before.ref, name: input.name ?? before.name };
    if (Object.keys(changed).length === 0) return { unchanged: { ...result, revision: before.revision } };
    if (changed.status === "retired") await insistNothingLive(tx, before);
    if (changed.name !== undefined) await insistNameIsFree(tx, String(changed.name));
    const [row] = await tx
      .update(useCases)
      .set({ ...changed, updatedAt: now, revision: sql`${useCases.revision} + 1` })
      .where(and(eq(useCases.id, before.id), eq(useCases.revision, input.revision)))
      .returning({ revision: useCases.revision });
    if (!row) throw changedSince(before.ref);
    return {
      result: { ...result, revision: row.revision },
      entry: {
        subject: { kind: "use_case", id: before.id, ref: before.ref },
        summary:
          changed.status === "retired"
            ? `retired the use case ${before.name}`
            : `edited the use case ${before.name}: ${[...new Set(Object.keys(changed).map(word))].join(", ")}`,
        body: {
          before: Object.fromEntries(Object.keys(changed).map((key) => [key, before[key as keyof typeof before]])),
          after: changed,
        },
      },
    };
  },
});

/** As PostgreSQL gives numeric(14,2) back, so that 250000 and 250000.00 are no change. */
const decimal = (amount: string): string => {
  const [units = "0", cents = ""] = amount.split(".");
  return `${units.replace(/^0+(?=\d)/, "")}.${cents.padEnd(2, "0")}`;
};

async function insistNothingLive(tx: Tx, useCase: { id: string; name: string }): Promise<void> {
  const { rows } = await tx.execute<{ name: string }>(sql`
    select m.name from model m where m.stage = 'live' and (m.use_case_id = ${useCase.id}
      or exists (select 1 from model_use_case l where l.model_id = m.id and l.use_case_id = ${useCase.id})) order by m.name limit 5`);
  if (rows.length > 0)
    throw new Refusal(
      "conflict",
      `${rows.map((r) => r.name).join(", ")} ${rows.length === 1 ? "is" : "are"} live for ${useCase.name}. Retire the models first, or take them off this use case.`,
      [{ field: "status", message: "Live models serve it." }],
    );
}

async function insistNameIsFree(tx: Tx, name: string): Promise<void> {
  const [taken] = await tx.select({ id: useCases.id }).from(useCases).where(eq(useCases.name, name));
  if (taken)
    throw new Refusal("conflict", `There is a use case called "${name}" already.`, [
      { field: "name", message: "Taken." },
    ]);
}

const words: Record<string, string> = {
  ownerId: "owner",
  businessUnitId: "business unit",
  valueAmount: "value",
  valueCurrency: "value",
  valueKind: "value",
  euRole: "EU AI Act role",
  legalClass: "EU AI Act class",
};
const word = (key: string): string => words[key] ?? key;

const changedSince = (ref: string): Refusal =>
  new Refusal("conflict", `${ref} was changed since you opened it. Reload to see the change, then edit again.`, [
    { field: "revision", message: "No longer the present one." },
  ]);
