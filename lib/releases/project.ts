import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { evaluateGate } from "./gate";

/** What lists show of the production gate: the answer for the version that was last asked about or acted on. */
export async function showGate(
  tx: Tx,
  modelId: string,
  environment: string,
  answer: { decision: "allow" | "deny"; reasons: readonly unknown[] },
): Promise<void> {
  if (environment !== "prod") return;
  const { decision, reasons } = answer;
  await tx
    .update(models)
    .set({ gateDecision: decision, gateReasons: reasons.length })
    // Most answers repeat the last one; then the row stays untouched and unlocked.
    .where(
      and(
        eq(models.id, modelId),
        sql`(gate_decision, gate_reasons) is distinct from (${decision}, ${reasons.length}::int)`,
      ),
    );
}

/** The same, after something about a release changed. */
export async function projectGate(
  tx: Tx,
  release: { modelId: string; model: string; version: string; environment: string },
  now: Date,
): Promise<void> {
  if (release.environment !== "prod") return;
  const { model, version, environment } = release;
  await showGate(
    tx,
    release.modelId,
    environment,
    await evaluateGate(tx, { model, version, environment, digest: null }, now),
  );
}
