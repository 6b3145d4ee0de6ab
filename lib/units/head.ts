import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { businessUnits } from "@/db/schema/org";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { givenPerson } from "@/lib/people/find";
import { findUnit } from "./find";
import { mayManageOrganisation } from "./unit";

type Named = { unit: string; head: string };

/** Names the head of a unit, who hears of what its owners leave undone. */
export const setHead = command({
  name: "unit.head.named",
  title: "Name the head of a business unit",
  http: { method: "PUT", path: "/units/{unit}/head" },
  input: z.strictObject({
    unit: z.string().min(1, "Choose a business unit.").max(60),
    person: z.string().min(3, "Name a person by e-mail address.").max(254),
  }),
  load: async (tx, input) => ({
    unit: await findUnit(tx, input.unit),
    person: await givenPerson(tx, input.person, "person"),
  }),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { subject: { unit, person } }): Promise<Done<Named> | Unchanged<Named>> => {
    const result = { unit: unit.slug, head: person.name };
    if (unit.headId === person.id) return { unchanged: result };
    await tx.update(businessUnits).set({ headId: person.id }).where(eq(businessUnits.id, unit.id));
    return {
      result,
      entry: {
        subject: { kind: "unit", id: unit.id, ref: unit.slug },
        summary: `named ${person.name} head of ${unit.name}`,
        body: { before: unit.headId, after: person.id },
      },
    };
  },
});
