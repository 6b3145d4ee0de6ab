import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { apiTokens } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { mayRevokeToken } from "./token";

/** Ends a token at once and for good. */
export const revokeToken = command({
  name: "token.revoked",
  title: "Revoke an API token",
  http: { method: "DELETE", path: "/tokens/{token}" },
  input: z.strictObject({ token: z.uuid("Give the id of the token, not the token itself.") }),
  load: async (tx, input, actor) => {
    const [token] = await tx
      .select({
        id: apiTokens.id,
        name: apiTokens.name,
        prefix: apiTokens.prefix,
        personId: apiTokens.personId,
        revokedAt: apiTokens.revokedAt,
      })
      .from(apiTokens)
      .where(eq(apiTokens.id, input.token));
    // Someone else's token is not to be guessed at.
    if (!token || !mayRevokeToken(actor, token).ok) throw new Refusal("not_found", "There is no such token.");
    return token;
  },
  may: mayRevokeToken,
  run: async (tx, { subject: token, now }) => {
    const revoked = await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.id, token.id), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    if (revoked.length === 0) return { unchanged: { id: token.id } };
    return {
      result: { id: token.id },
      entry: {
        subject: { kind: "token", id: token.id, ref: token.prefix },
        summary: `revoked the token ${token.name}`,
        body: { name: token.name, personId: token.personId },
      },
    };
  },
});
