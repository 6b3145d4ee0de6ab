import "server-only";
import { and, eq } from "drizzle-orm";
import { roleGrants } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { roleName } from "@/lib/core/rights";
import { findPersonFor } from "./find";
import { mayRevokeGrant, revokeGrantInput } from "./person";

/** Takes a role back; it counts from the person's next request. */
export const revokeGrant = command({
  name: "person.role.revoked",
  title: "Revoke a role",
  http: { method: "DELETE", path: "/people/{person}/grants/{grant}" },
  input: revokeGrantInput,
  load: async (tx, input, actor) => {
    const person = await findPersonFor(tx, input.person, actor);
    const [grant] = await tx
      .select()
      .from(roleGrants)
      .where(and(eq(roleGrants.id, input.grant), eq(roleGrants.personId, person.id)));
    if (!grant) throw new Refusal("not_found", `${person.name} holds no such role any more.`);
    return { person, grant, role: grant.role };
  },
  may: mayRevokeGrant,
  run: async (tx, { subject: { person, grant } }) => {
    const gone = await tx.delete(roleGrants).where(eq(roleGrants.id, grant.id)).returning({ id: roleGrants.id });
    if (gone.length === 0) throw new Refusal("conflict", "Someone else took this role back a moment ago.");
    return {
      result: { id: grant.id },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: `took the role ${roleName[grant.role]} from ${person.name}`,
        body: { ...grant, grantedAt: grant.grantedAt.toISOString() },
      },
    };
  },
});
