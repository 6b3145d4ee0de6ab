import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { statements } from "@/db/schema/signing";
import { parseStatement } from "@/lib/signing/dsse";
import type { Condition, Evidence } from "./statements";

const Pinned = z.looseObject({
  evidence: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }), summary: z.string() })),
  conditions: z.array(z.object({ text: z.string(), dueOn: z.string(), status: z.string() })),
});

/** What a request statement pins, read from its own bytes, so that an approval repeats exactly what was requested. */
export async function pinnedBy(
  read: Reader,
  sha256: Buffer,
): Promise<{ evidence: Evidence[]; conditions: Condition[] }> {
  const [row] = await read
    .select({ payload: statements.payload })
    .from(statements)
    .where(eq(statements.sha256, sha256));
  if (!row) throw new Error(`The statement ${sha256.toString("hex")} is missing.`);
  const { evidence, conditions } = Pinned.parse(parseStatement(row.payload).predicate);
  return { evidence: evidence.map((e) => ({ ...e, digest: e.digest.sha256 })), conditions };
}
