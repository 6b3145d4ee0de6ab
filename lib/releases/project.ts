import "server-only";
import type { Tx } from "@/db/client";
import { prepared, send } from "@/db/transact";
import { evaluateGate } from "./gate";

/** What lists show of the production gate: the answer for the version that was last asked about or acted on. */
export async function showGate(
  tx: Tx,
  modelId: string,
  environment: string,
  answer: { decision: "allow" | "deny"; reasons: readonly unknown[] },
): Promise<void> {
  if (environment !== "prod") return;
  await send(tx, shown, [modelId, answer.decision, answer.reasons.length]);
}

// Most answers repeat the last one; then the row stays untouched and unlocked.
const shown = prepared(
  "gate_shown",
  `update model set gate_decision = $2::text, gate_reasons = $3::int
    where id = $1::uuid and (gate_decision, gate_reasons) is distinct from ($2::text, $3::int)`,
);

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
