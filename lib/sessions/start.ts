import "server-only";
import { z } from "zod";
import { sessions } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { findPerson } from "@/lib/people/find";
import type { Method } from "./session";

const input = z.strictObject({
  personId: z.uuid(),
  /** SHA-256 (hex) of the cookie's value. */
  tokenHash: z.string().length(64),
  expires: z.date(),
  userAgent: z.string().max(400),
  method: z.enum(["oidc", "persona"] satisfies Method[]),
});

/**
 * Signs a person in. Called only after the provider's answer was checked, or for a demo persona after the configuration was
 * asked whether personas are offered at all.
 */
export const startSession = command({
  name: "session.started",
  title: "Sign in",
  http: null,
  input,
  load: async (tx, { personId, method }) => ({ ...(await findPerson(tx, personId)), method }),
  may: (actor, person) => {
    if (actor.kind !== "person" || actor.id !== person.id) return no("forbidden", "One signs in as oneself.");
    if (person.method === "persona" && !person.persona)
      return no("forbidden", "Only demo personas sign in by one click.");
    return person.active ? yes : no("forbidden", `${person.name} is deactivated.`);
  },
  run: async (tx, { input, subject: person, now }) => {
    const { method, expires, userAgent } = input;
    const id = newId();
    await tx.insert(sessions).values({
      id,
      sessionToken: input.tokenHash,
      userId: person.id,
      expires,
      createdAt: now,
      method,
      userAgent,
    });
    return {
      result: { id },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: method === "persona" ? "signed in as a demo persona" : "signed in",
        body: { session: id, method, expires: expires.toISOString(), userAgent },
      },
    };
  },
});
