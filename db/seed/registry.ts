import type { z } from "zod";
import { recordBatch } from "@/lib/connections/batch";
import type { batchInput } from "@/lib/connections/batch-input";
import { createConnection } from "@/lib/connections/create";
import { missingTwice } from "@/lib/connections/pending";
import { removeConnection } from "@/lib/connections/remove";
import { completeRun, startRun } from "@/lib/connections/run";
import { type Actor, connectorActor } from "@/lib/core/actor";
import { deactivate } from "@/lib/people/deactivate";
import { reportSighting } from "@/lib/reconciliation/sight";
import { sweep } from "@/lib/reconciliation/sweep";
import { digestOf, seedVersions } from "./inventory";
import { addressOf } from "./personas";
import type { World } from "./world";

const name = "Analytics MLflow";

/** What the analysts' own registry held: nobody had claimed these, and some are known elsewhere under another name. */
const held: readonly { model: string; runs: readonly string[]; twin?: string; until?: number }[] = [
  { model: "Card_Fraud_Score", runs: ["a1f2"] },
  { model: "churn_2024_final", runs: ["b7c1", "b7c9"], twin: "churn-propensity" },
  { model: "branch-footfall", runs: ["c3d0"] },
  { model: "npl-recovery-curve", runs: ["d410", "d41a", "d42f"] },
  { model: "complaint-topics", runs: ["e551"], until: 45 },
  { model: "complaints_topics_bert", runs: ["e551", "e562"] },
  { model: "atm-cash-gap", runs: ["f0a2"] },
  { model: "sme-onboarding-risk", runs: ["f7b3", "f7c8"] },
  { model: "mortgage-prepayment-poc", runs: ["0a44"], until: 45 },
  { model: "agent-handover-score", runs: ["1b57"] },
  { model: "card-limit-uplift", runs: ["2c60", "2c71"] },
  { model: "fx-margin-elasticity", runs: ["3d88"] },
  { model: "claims-duplicate-photos", runs: ["4e93"] },
  { model: "call-volume-weekly", runs: ["5fa0", "5fb7"] },
];

/** The newest digest of a model of the inventory: the same artefact was registered twice. */
const newestDigest = (model: string): string | null => {
  const v = seedVersions().findLast((one) => one.model.name === model);
  return v ? digestOf(v.model.name, v.version) : null;
};

/**
 * A registry that the analysts kept beside the governed ones: read three times, then closed. What it held is still to be reconciled.
 * An owner has left, and a probe sees something serve that nobody listed.
 */
export function planRegistry(world: World, pipeline: () => Actor): void {
  let connector: Actor | null = null;
  world.plan(world.before(60, 9), "connect the analysts' registry", async () => {
    const { id } = await createConnection(world.as("Elin Brandt"), {
      name,
      baseUrl: "https://mlflow.analytics.halden.example",
      import: true,
    });
    connector = connectorActor({ id, name });
  });
  for (const day of [60, 44, 43]) {
    world.plan(world.before(day, 10), "read the analysts' registry", async () => {
      if (!connector) throw new Error("The analysts' registry is not connected.");
      const ctx = world.as(connector);
      const { runId, cursor } = await startRun(ctx, { connectionId: connector.id, trigger: "manual", job: "demo" });
      const here = held.filter((h) => (h.until ?? 0) < day && (h.model !== "complaints_topics_bert" || day < 50));
      const batch: z.input<typeof batchInput> = {
        runId,
        cursor: { ...cursor, phase: "done" },
        seen: { models: here.length, versions: here.flatMap((h) => h.runs).length, skipped: 0 },
        present: here.map((h) => h.model),
        versions: here.flatMap((h) => h.runs.map((run, i) => version(world, h, run, i + 1))),
        ...(day === 43 ? { vanished: await missingTwice(ctx.db, connector.id, cursor.sweep) } : {}),
      };
      await recordBatch(ctx, batch);
      await completeRun(ctx, { runId });
    });
  }
  world.plan(world.before(20, 15), "close the analysts' registry", async () => {
    if (connector) await removeConnection(world.as("Elin Brandt"), { id: connector.id });
  });
  world.plan(world.before(1, 5), "an owner leaves", async () => {
    await deactivate(world.as("Elin Brandt"), { person: addressOf("Petra Novotná") });
  });
  world.plan(world.before(1, 6), "what the probes see", async () => {
    const probe = world.as(pipeline());
    await reportSighting(probe, {
      model: "voice-intent-poc",
      version: "0.3",
      environment: "prod",
      endpoint: "https://voice.halden.example/intent",
    });
    await sweep(world.as(), {});
  });
}

function version(world: World, h: (typeof held)[number], run: string, n: number) {
  const registered = world.before(70 - n * 3, 12).toISOString();
  return {
    model: { id: h.model, name: h.model },
    version: String(n),
    runId: `${run}90c2`,
    source: `dbfs:/models/${h.model}/${n}`,
    status: "READY",
    registeredAt: registered,
    changedAt: registered,
    user: "analytics",
    description: "",
    tags: {},
    digest: h.twin && n === h.runs.length ? newestDigest(h.twin) : null,
    digestTag: h.twin && n === h.runs.length ? "sha256" : null,
    commit: null,
    facts: {},
    inputs: [],
    raw: JSON.stringify({ name: h.model, version: String(n), run_id: `${run}90c2` }),
  };
}
