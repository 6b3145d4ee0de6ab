import "server-only";
import { desc, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { assessments } from "@/db/schema/facts";

/** The readiness that a submission is bound to; null when the model was never assessed. */
export async function readinessFor(
  tx: Tx,
  modelId: string,
  _now: Date,
): Promise<{ digest: string; fail: number; unknown: number } | null> {
  const [row] = await tx
    .select({ digest: assessments.digest, fail: assessments.fail, unknown: assessments.unknown })
    .from(assessments)
    .where(eq(assessments.modelId, modelId))
    .orderBy(desc(assessments.takenAt))
    .limit(1);
  return row ?? null;
}
