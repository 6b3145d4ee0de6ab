import "server-only";
import { and, eq, isNull, or } from "drizzle-orm";
import { credentials } from "@/db/schema/signing";
import { command } from "@/lib/core/command";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { mayRevokeKey, RevokeKey } from "./credential";

/** From here on the key signs nothing more. What it signed before stands: the log's order says which came first. */
export const revokeKey = command({
  name: "credential.revoked",
  title: "Revoke one of your keys",
  http: { method: "POST", path: "/credentials/{credential}/revoke" },
  input: RevokeKey,
  load: async (tx, { credential }) => {
    const [found] = await tx
      .select()
      .from(credentials)
      .where(or(eq(credentials.kid, credential), isUuid(credential) ? eq(credentials.id, credential) : undefined));
    if (!found) throw new Refusal("not_found", "There is no such key.");
    return found;
  },
  may: mayRevokeKey,
  run: async (tx, { input, subject, now }) => {
    const [revoked] = await tx
      .update(credentials)
      .set({ revokedAt: now, revokeReason: input.reason })
      .where(and(eq(credentials.id, subject.id), isNull(credentials.revokedAt)))
      .returning({ id: credentials.id });
    if (!revoked) throw new Refusal("conflict", "This key was revoked a moment ago.");
    return {
      result: { id: subject.id, kid: subject.kid },
      entry: {
        subject: { kind: "credential", id: subject.id, ref: subject.kid },
        summary: `revoked the key “${subject.label}”`,
        body: { kid: subject.kid, reason: input.reason },
      },
    };
  },
});
