import "server-only";
import { z } from "zod";
import { apiTokens } from "@/db/schema/org";
import { hashSecret } from "@/lib/auth/hash";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { rights } from "@/lib/core/rights";
import { findPerson } from "@/lib/people/find";
import { prefixOf } from "./secret";
import { maxTokenDays } from "./token";

/** `id` null: a token of this value was made before. */
type Provided = { id: string | null; expiresAt: Date | null };

/**
 * Whoever runs the machine provides a token: BOOTSTRAP_TOKEN at the first start, or `countersign token create`.
 * For a person it speaks as that person; without one it is an administrator service.
 */
export const provideToken = command({
  name: "token.provided",
  title: "Provide a token from the machine",
  http: null,
  secretAnswer: true,
  input: z.strictObject({
    /** The token itself; only its hash is kept. */
    token: z.string().min(32).max(200),
    name: z.string().trim().min(1).max(80, "Use at most 80 characters."),
    /** Id or e-mail address. */
    person: z.string().max(200).optional(),
    scopes: z.array(z.enum(rights, "There is no such right.")).min(1).optional(),
    days: z
      .number("Give a number of days.")
      .int("Give whole days.")
      .min(1, "Give at least 1 day.")
      .max(maxTokenDays, `Use at most ${maxTokenDays} days.`)
      .optional(),
  }),
  load: async (tx, input) => ({
    person: input.person === undefined ? null : await findPerson(tx, input.person),
  }),
  may: (actor, { person }) => {
    if (actor.kind !== "system") return no("forbidden", "Only the machine the portal runs on provides tokens.");
    return person && !person.active
      ? no("conflict", `${person.name} is deactivated. Reactivate the account first.`)
      : yes;
  },
  run: async (tx, { input, subject: { person }, now }): Promise<Done<Provided> | Unchanged<Provided>> => {
    const row = {
      id: newId(),
      name: input.name,
      prefix: prefixOf(input.token),
      actorKind: person ? ("person" as const) : ("service" as const),
      personId: person?.id ?? null,
      roles: person ? [] : ["admin" as const, "service" as const],
      scopes: input.scopes ?? null,
      expiresAt: input.days === undefined ? null : new Date(now.getTime() + input.days * 86_400_000),
    };
    const added = await tx
      .insert(apiTokens)
      .values({ ...row, hash: hashSecret(input.token), createdBy: "system:system", createdAt: now })
      .onConflictDoNothing({ target: apiTokens.hash })
      .returning({ id: apiTokens.id });
    if (added.length === 0) return { unchanged: { id: null, expiresAt: null } };
    return {
      result: { id: row.id, expiresAt: row.expiresAt },
      entry: {
        subject: { kind: "token", id: row.id, ref: row.prefix },
        summary: person
          ? `provided a token for ${person.name}: ${row.name}`
          : `provided the administrator token ${row.name}`,
        body: { ...row, expiresAt: row.expiresAt?.toISOString() ?? null },
      },
    };
  },
});
