import "server-only";
import { z } from "zod";
import { sessions } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { findPerson } from "@/lib/people/find";

const input = z.strictObject({
  personId: z.uuid(),
  /** SHA-256 (hex) of the cookie's value. */
  tokenHash: z.string().length(64),
  expires: z.date(),
  userAgent: z.string().max(400),
});

/** Signs a demo persona in by one click. Whether personas are offered at all, the caller has checked against the configuration. */
export const startPersonaSession = command({
  name: "session.started",
  title: "Sign in as a demo persona",
  http: null,
  input,
  load: (tx, { personId }) => findPerson(tx, personId),
  may: (actor, person) => {
    if (actor.kind !== "person" || actor.id !== person.id || !person.persona)
      return no("forbidden", "Only demo personas sign in by one click.");
    return person.active ? yes : no("forbidden", `${person.name} is deactivated.`);
  },
  run: async (tx, { input, subject: person, now }) => {
    const id = newId();
    await tx.insert(sessions).values({
      id,
      sessionToken: input.tokenHash,
      userId: person.id,
      expires: input.expires,
      createdAt: now,
      method: "persona",
      userAgent: input.userAgent,
    });
    return {
      result: { id },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: "signed in as a demo persona",
        body: { session: id, method: "persona", expires: input.expires.toISOString(), userAgent: input.userAgent },
      },
    };
  },
});
