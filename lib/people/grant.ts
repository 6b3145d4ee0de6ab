import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { roleGrants } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { roleName } from "@/lib/core/rights";
import { findUnit } from "@/lib/units/find";
import { findPersonFor } from "./find";
import { grantInput, mayGrant } from "./person";

/** Gives a person a role, everywhere or in one business unit and below. */
export const grantRole = command({
  name: "person.role.granted",
  title: "Grant a role",
  http: { method: "POST", path: "/people/{person}/grants", status: 201 },
  input: grantInput,
  load: async (tx, input, actor) => {
    const person = await findPersonFor(tx, input.person, actor);
    const unit = input.unit === undefined ? null : await findUnit(tx, input.unit);
    const [held] = await tx
      .select({ id: roleGrants.id })
      .from(roleGrants)
      .where(
        and(
          eq(roleGrants.personId, person.id),
          eq(roleGrants.role, input.role),
          unit ? eq(roleGrants.businessUnitId, unit.id) : isNull(roleGrants.businessUnitId),
        ),
      );
    return { person, unit, held };
  },
  may: (actor, subject) => mayGrant(actor, subject.person),
  run: async (tx, { input, subject: { person, unit, held }, actor, now }) => {
    const row = {
      id: held?.id ?? newId(),
      personId: person.id,
      role: input.role,
      businessUnitId: unit?.id ?? null,
    };
    if (held) return { unchanged: row };
    await tx.insert(roleGrants).values({ ...row, grantedBy: `${actor.kind}:${actor.id}`, grantedAt: now });
    return {
      result: row,
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: `made ${person.name} ${roleName[input.role]} ${unit ? `in ${unit.name}` : "everywhere"}`,
        body: row,
      },
    };
  },
});
