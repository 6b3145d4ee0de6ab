import "server-only";
import { eq, sql } from "drizzle-orm";
import { businessUnits } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { findUnit } from "./find";
import { mayManageOrganisation, moveUnitInput } from "./unit";

/** Puts a unit, with everything below it, under another one or at the top. Roles granted above reach it from then on. */
export const moveUnit = command({
  name: "unit.moved",
  title: "Move a business unit",
  http: { method: "POST", path: "/units/{unit}/move" },
  input: moveUnitInput,
  load: async (tx, input) => ({
    unit: await findUnit(tx, input.unit),
    parent: input.parent ? await findUnit(tx, input.parent) : null,
  }),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { subject: { unit, parent } }) => {
    const result = { ...unit, parentId: parent?.id ?? null };
    if (unit.parentId === result.parentId) return { unchanged: result };
    // Two moves at once could each be right and together close a circle, so moves wait for each other.
    await tx.execute(sql`select pg_advisory_xact_lock(727203)`);
    if (parent) {
      const { rows } = await tx.execute<{ id: string }>(sql`
        with recursive above as (
          select id, parent_id from business_unit where id = ${parent.id}
          union select b.id, b.parent_id from business_unit b join above on b.id = above.parent_id
        ) select id from above where id = ${unit.id}`);
      if (rows.length > 0) {
        const message =
          unit.id === parent.id
            ? `${unit.name} cannot stand below itself.`
            : `${unit.name} cannot stand below ${parent.name}, which stands below ${unit.name}. Move ${parent.name} first.`;
        throw new Refusal("conflict", message, [{ field: "parent", message: "Would close a circle." }]);
      }
    }
    await tx.update(businessUnits).set({ parentId: result.parentId }).where(eq(businessUnits.id, unit.id));
    return {
      result,
      entry: {
        subject: { kind: "unit", id: unit.id, ref: unit.slug },
        summary: parent ? `moved ${unit.name} under ${parent.name}` : `moved ${unit.name} to the top`,
        body: { from: unit.parentId, to: result.parentId },
      },
    };
  },
});
