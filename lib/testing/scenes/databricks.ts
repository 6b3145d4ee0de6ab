import { type DatabricksScene, databricksPrincipal, startFakeDatabricks } from "@/lib/testing/fakes/databricks";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const day = 86_400_000;
const now = sceneNow.getTime();
const endpoint = (name: string, more: Partial<DatabricksScene["endpoints"][number]> = {}) => ({
  name,
  ready: true,
  tags: {},
  serves: `main.ml.${name}`,
  inference: null,
  ...more,
});
const refresh = (id: number, days: number, ok = true) => ({ id, ended: now - days * day, ok });

const databricksWorkspace = (): DatabricksScene => ({
  endpoints: [
    endpoint("fraud", { tags: { "countersign-model": sceneModel }, inference: "main.logs.fraud" }),
    endpoint("trial", { inference: "main.logs.trial", ready: false }),
    endpoint("databricks-llama", { serves: null }),
    endpoint("", { bad: true }),
  ],
  monitors: [
    {
      table: "main.logs.fraud_payload",
      api: "profiling",
      active: true,
      cron: "0 0 6 * * ?",
      predictions: true,
      refreshes: [refresh(3, 0.125, false), refresh(2, 1), refresh(1, 2)],
    },
    {
      table: "main.logs.trial_payload",
      api: "classic",
      active: false,
      cron: null,
      predictions: false,
      refreshes: [refresh(9, 30), refresh(8, 37)],
    },
  ],
  jobs: [
    { id: 11, name: "Train fraud", tags: { "countersign-model": sceneModel }, cron: "0 0 3 ? * MON-FRI" },
    {
      id: 12,
      name: "Check fraud data",
      tags: { "countersign-model": sceneModel, "countersign-role": "quality" },
      cron: "0 0 2 * * ?",
    },
    { id: 13, name: "Somebody's job", tags: {}, cron: null },
  ],
  runs: [
    { job: 11, id: 1, ended: now - 40 * day, result: "SUCCESS" },
    { job: 11, id: 2, ended: now - 3 * day, result: "RUN_EXECUTION_ERROR" },
    { job: 11, id: 3, ended: now - 2 * day, result: "SUCCESS" },
    { job: 11, id: 4, ended: now - day, result: "USER_CANCELED" },
    { job: 11, id: 5, ended: now - day / 2, result: "CLUSTER_ERROR" },
    { job: 12, id: 6, ended: now - day / 4, result: "SUCCESS" },
  ],
});

export const databricksScene: SourceScene = {
  start: () => startFakeDatabricks(databricksWorkspace()),
  auth: "oauth",
  username: databricksPrincipal.id,
  secret: databricksPrincipal.secret,
  denied: /serving-endpoints/,
  missing: "CAN VIEW on the serving endpoints",
  told: {
    "serving.ready": true,
    "serving.predictions_logged": true,
    "drift.data_monitor_at": "2026-11-19T09:00:00.000Z",
    "drift.data_cadence_hours": 24,
    "drift.concept_monitor_at": "2026-11-19T09:00:00.000Z",
    "drift.concept_cadence_hours": 24,
    "drift.monitor_active": true,
    "pipeline.last_success_at": "2026-11-18T09:00:00.000Z",
    "pipeline.last_run_succeeded": false,
    "pipeline.success_share": 0.3333,
    "pipeline.cadence_hours": 72,
    "data.gates_last_run_at": "2026-11-20T03:00:00.000Z",
  },
  unmatched: "endpoint trial",
  decides: { item: "drf-1" },
  hostile: {
    start: () => {
      const scene = databricksWorkspace();
      const [monitor] = scene.monitors;
      // Its clock is a year ahead, and of the runs every fifth is garbled.
      monitor?.refreshes.push({ id: 4, ended: now + 365 * day, ok: true });
      scene.runs = Array.from({ length: 20 }, (_, i) => ({
        job: 11,
        id: 100 + i,
        ended: now - (i + 1) * day,
        result: "SUCCESS",
        bad: i % 5 === 4,
      }));
      return startFakeDatabricks(scene);
    },
    told: {
      "pipeline.last_success_at": "2026-11-19T09:00:00.000Z",
      "pipeline.success_share": 1,
      "serving.ready": true,
    },
    skipped: 4,
    future: "drift.data_monitor_at",
  },
};
