import "server-only";
import { eq } from "drizzle-orm";
import { businessUnits } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { findUnit } from "./find";
import { mayManageOrganisation, renameUnitInput } from "./unit";

/** Gives a unit another name; its slug, which addresses use, stays. */
export const renameUnit = command({
  name: "unit.renamed",
  title: "Rename a business unit",
  http: { method: "PATCH", path: "/units/{unit}" },
  input: renameUnitInput,
  load: (tx, input) => findUnit(tx, input.unit),
  may: mayManageOrganisation,
  run: async (tx, { input, subject }) => {
    if (subject.name === input.name) return { unchanged: subject };
    await tx.update(businessUnits).set({ name: input.name }).where(eq(businessUnits.id, subject.id));
    return {
      result: { ...subject, name: input.name },
      entry: {
        subject: { kind: "unit", id: subject.id, ref: subject.slug },
        summary: `renamed ${subject.name} to ${input.name}`,
        body: { from: subject.name, to: input.name },
      },
    };
  },
});
