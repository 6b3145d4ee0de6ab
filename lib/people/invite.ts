import "server-only";
import { eq } from "drizzle-orm";
import { people } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no } from "@/lib/core/refusal";
import { findUnit } from "@/lib/units/find";
import { inviteInput, mayInvite } from "./person";

/** Adds a person. Signing in needs an identity with the same verified address at the organisation's provider. */
export const invite = command({
  name: "person.invited",
  title: "Invite a person",
  http: { method: "POST", path: "/people", status: 201 },
  input: inviteInput,
  load: async (tx, input) => ({
    unit: input.unit === undefined ? null : await findUnit(tx, input.unit),
    taken: (await tx.select({ id: people.id }).from(people).where(eq(people.email, input.email))).length > 0,
    email: input.email,
    persona: input.persona,
  }),
  may: (actor, subject) => {
    const verdict = mayInvite(actor, subject);
    if (!verdict.ok) return verdict;
    return subject.taken ? no("conflict", `${subject.email} is already a person here.`) : verdict;
  },
  run: async (tx, { input, subject, now }) => {
    const row = {
      id: newId(),
      name: input.name,
      email: input.email,
      title: input.title,
      businessUnitId: subject.unit?.id ?? null,
      persona: input.persona,
      active: true,
    };
    await tx.insert(people).values({ ...row, createdAt: now });
    return {
      result: row,
      entry: { subject: { kind: "person", id: row.id, ref: row.email }, summary: `invited ${row.name}`, body: row },
    };
  },
});
