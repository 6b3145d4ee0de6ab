import "server-only";
import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { credentials } from "@/db/schema/signing";
import { query } from "@/lib/core/query";

/** Whoever asks sees their own keys, newest first. */
export const listKeys = query({
  name: "credentials.list",
  title: "Your keys",
  http: { method: "GET", path: "/credentials" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    if (actor.kind !== "person") return { keys: [] };
    const rows = await read
      .select()
      .from(credentials)
      .where(eq(credentials.personId, actor.id))
      .orderBy(desc(credentials.enrolledAt))
      .limit(100);
    return {
      keys: rows.map((k) => ({
        id: k.id,
        kind: k.kind,
        label: k.label,
        kid: k.kid,
        rpId: k.rpId,
        backupEligible: k.backupEligible,
        enrolledAt: k.enrolledAt,
        revokedAt: k.revokedAt,
        revokeReason: k.revokeReason,
      })),
    };
  },
});
