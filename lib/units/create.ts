import "server-only";
import { eq } from "drizzle-orm";
import { businessUnits } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no } from "@/lib/core/refusal";
import { findUnit } from "./find";
import { createUnitInput, mayManageOrganisation } from "./unit";

/** Adds a node to the organisation tree. */
export const createUnit = command({
  name: "unit.created",
  title: "Create a business unit",
  http: { method: "POST", path: "/units", status: 201 },
  input: createUnitInput,
  load: async (tx, input) => ({
    parent: input.parent === undefined ? null : await findUnit(tx, input.parent),
    taken:
      (await tx.select({ id: businessUnits.id }).from(businessUnits).where(eq(businessUnits.slug, input.slug))).length >
      0,
    slug: input.slug,
  }),
  may: (actor, subject) => {
    const verdict = mayManageOrganisation(actor);
    if (!verdict.ok) return verdict;
    return subject.taken ? no("conflict", `There is already a business unit "${subject.slug}".`) : verdict;
  },
  run: async (tx, { input, subject }) => {
    const row = { id: newId(), slug: input.slug, name: input.name, parentId: subject.parent?.id ?? null };
    await tx.insert(businessUnits).values(row);
    return {
      result: row,
      entry: {
        subject: { kind: "unit", id: row.id, ref: row.slug },
        summary: subject.parent ? `created ${row.name} under ${subject.parent.name}` : `created ${row.name}`,
        body: row,
      },
    };
  },
});
