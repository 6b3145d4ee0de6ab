import "server-only";
import { apiTokens } from "@/db/schema/org";
import { hashSecret } from "@/lib/auth/hash";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { newToken, prefixOf } from "./secret";
import { createTokenInput, mayCreateToken, rolesOfToken } from "./token";

/** Makes a token. The answer is the only place where the token itself appears. */
export const createToken = command({
  name: "token.created",
  title: "Create an API token",
  http: { method: "POST", path: "/tokens", status: 201 },
  input: createTokenInput,
  secretAnswer: true,
  load: async (_tx, input) => input,
  may: mayCreateToken,
  run: async (tx, { input, actor, now }) => {
    const token = newToken();
    const row = {
      id: newId(),
      name: input.name,
      prefix: prefixOf(token),
      actorKind: input.kind,
      personId: input.kind === "service" ? null : actor.id,
      roles: rolesOfToken(input),
      scopes: input.scopes ?? null,
      expiresAt: input.days === 0 ? null : new Date(now.getTime() + input.days * 86_400_000),
    };
    await tx
      .insert(apiTokens)
      .values({ ...row, hash: hashSecret(token), createdBy: `${actor.kind}:${actor.id}`, createdAt: now });
    return {
      result: { ...row, token },
      entry: {
        subject: { kind: "token", id: row.id, ref: row.prefix },
        summary: `created the ${input.kind === "person" ? "" : `${input.kind} `}token ${row.name}`,
        body: { ...row, expiresAt: row.expiresAt?.toISOString() ?? null },
      },
    };
  },
});
