import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { apiTokens, people, sessions } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { leaveModels } from "@/lib/models/leave";
import { findPersonFor } from "./find";
import { mayDeactivate, mayReactivate, personInput } from "./person";

/**
 * Closes an account: every session ends, every token of the person is revoked, and the person's models have no owner from then on.
 * What the person did stays.
 */
export const deactivate = command({
  name: "person.deactivated",
  title: "Deactivate a person",
  http: { method: "POST", path: "/people/{person}/deactivate" },
  input: personInput,
  load: (tx, input, actor) => findPersonFor(tx, input.person, actor),
  may: mayDeactivate,
  run: async (tx, { subject: person, now }) => {
    if (!person.active) return { unchanged: { id: person.id, active: false, modelsWithoutOwner: [] } };
    const changed = await tx
      .update(people)
      .set({ active: false })
      .where(and(eq(people.id, person.id), eq(people.active, true)))
      .returning({ id: people.id });
    if (changed.length === 0) throw new Refusal("conflict", "Someone else deactivated this account a moment ago.");
    const ended = await tx.delete(sessions).where(eq(sessions.userId, person.id)).returning({ id: sessions.id });
    const revoked = await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.personId, person.id), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    const orphans = await leaveModels(tx, person, now);
    return {
      result: { id: person.id, active: false, modelsWithoutOwner: orphans.map((m) => m.name) },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        concerns: orphans.map((m) => m.id),
        summary: `deactivated ${person.name}${
          orphans.length > 0 ? `; ${orphans.length} model${orphans.length === 1 ? " has" : "s have"} no owner now` : ""
        }`,
        body: {
          sessionsEnded: ended.length,
          tokensRevoked: revoked.map((t) => t.id),
          modelsWithoutOwner: orphans.map((m) => m.name),
        },
      },
    };
  },
});

/** Opens a closed account again, with the roles it had. Tokens stay revoked. */
export const reactivate = command({
  name: "person.reactivated",
  title: "Reactivate a person",
  http: { method: "POST", path: "/people/{person}/reactivate" },
  input: personInput,
  load: (tx, input, actor) => findPersonFor(tx, input.person, actor),
  may: mayReactivate,
  run: async (tx, { subject: person }) => {
    const changed = await tx
      .update(people)
      .set({ active: true })
      .where(and(eq(people.id, person.id), eq(people.active, false)))
      .returning({ id: people.id });
    if (changed.length === 0) return { unchanged: { id: person.id, active: true } };
    return {
      result: { id: person.id, active: true },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: `reactivated ${person.name}`,
        body: {},
      },
    };
  },
});
