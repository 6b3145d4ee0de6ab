import { type AirflowScene, airflowUser, startFakeAirflow } from "@/lib/testing/fakes/airflow";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const day = 86_400_000;
const now = sceneNow.getTime();
const named = `countersign-model:${sceneModel}`;
const run = (dag: string, id: string, days: number, state = "success") => ({ dag, id, ended: now - days * day, state });

export const airflowPlace = (version: "3" | "2" = "3"): AirflowScene => ({
  version,
  dags: [
    { id: "fraud_training", tags: ["ml", named], schedule: "0 3 * * 1-5" },
    { id: "fraud_scoring", tags: [named, "countersign-role:scoring"], schedule: "@hourly", broken: true },
    { id: "fraud_data", tags: [named, "countersign-role:quality"], schedule: null },
    { id: "churn", tags: ["countersign-model:nobody-knows"], schedule: "@daily" },
    { id: "somebody_elses", tags: ["etl"], schedule: "@daily" },
    { id: "", tags: [], schedule: null, bad: true },
  ],
  runs: [
    run("fraud_training", "t1", 40),
    run("fraud_training", "t2", 3, "failed"),
    run("fraud_training", "t3", 2, "failed"),
    { dag: "fraud_training", id: "t4", ended: null, state: "running" },
    { ...run("fraud_training", "t5", 1), type: "backfill" },
    run("fraud_scoring", "s1", 0.125),
    run("fraud_scoring", "s2", 0.0625, "failed"),
    run("fraud_scoring", "s3", 0.03125),
    run("fraud_data", "d1", 0.25, "failed"),
  ],
  importErrors: 2,
});

export const airflowScene: SourceScene = {
  start: () => startFakeAirflow(airflowPlace()),
  auth: "password",
  username: airflowUser.name,
  secret: airflowUser.password,
  denied: /dagRuns/,
  missing: "DAG Runs: read",
  told: {
    // The last success is older than what is counted.
    "pipeline.last_success_at": "2026-10-11T09:00:00.000Z",
    "pipeline.last_run_succeeded": false,
    "pipeline.success_share": 0,
    "pipeline.cadence_hours": 72,
    "pipeline.definition_loads": true,
    "batch.published_at": "2026-11-20T08:15:00.000Z",
    "batch.last_run_succeeded": true,
    "batch.success_share": 0.6667,
    "batch.cadence_hours": 1,
    "batch.definition_loads": false,
    "data.gates_last_run_at": "2026-11-20T03:00:00.000Z",
  },
  unmatched: "churn",
  decides: { item: "dat-1", also: { "data.gates_blocking": true } },
  hostile: {
    start: () => {
      const scene = airflowPlace();
      const ofScoring = Array.from({ length: 20 }, (_, i) => ({
        ...run("fraud_scoring", `s${i}`, i + 1),
        bad: i % 5 === 4,
      }));
      // The worker's clock is a day ahead.
      scene.runs = [...ofScoring, run("fraud_training", "t", -1), run("fraud_data", "d", 1)];
      return startFakeAirflow(scene);
    },
    told: { "batch.success_share": 1, "data.gates_last_run_at": "2026-11-19T09:00:00.000Z" },
    skipped: 4,
    future: "pipeline.last_success_at",
    untold: ["pipeline.last_run_succeeded", "pipeline.success_share"],
  },
};
