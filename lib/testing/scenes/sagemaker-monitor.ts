import { sagemakerKeys } from "@/lib/testing/fakes/sagemaker";
import { type MonitorScene, startFakeMonitor } from "@/lib/testing/fakes/sagemaker-monitor";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const now = sceneNow.getTime();
const hour = 3_600_000;
const day = 24 * hour;

/** An endpoint that is watched, and one that serves what nobody registered. */
export function monitored(): MonitorScene {
  const version = { version: "3", created: now - 9 * day, aliases: [], commit: null, digest: null };
  const slot = (endpoint: string, served: string) => ({
    name: endpoint,
    slots: [{ slot: "blue", model: served, version: "3", percent: 100 }],
  });
  const metric = (name: string, stat: string, value: number, at: number) => ({
    endpoint: "fraud-live",
    variant: "blue",
    metric: name,
    stat,
    value,
    at,
  });
  return {
    models: [{ name: sceneModel, description: "", tags: {}, versions: [version] }],
    endpoints: [slot("fraud-live", sceneModel), slot("by-hand", "no-package")],
    tags: { "fraud-live": { "countersign-availability": "99.9" } },
    schedules: [
      {
        name: "data",
        endpoint: "fraud-live",
        type: "DataQuality",
        status: "Scheduled",
        expression: "cron(0 0/6 ? * * *)",
      },
      {
        name: "old",
        endpoint: "fraud-live",
        type: "ModelQuality",
        status: "Stopped",
        expression: "cron(0 * ? * * *)",
      },
      { name: "quality", endpoint: "fraud-live", type: "ModelQuality", status: "Scheduled", expression: "NOW" },
    ],
    executions: [
      { schedule: "data", at: now - hour, status: "Failed", why: "AlgorithmError: no data was captured" },
      { schedule: "data", at: now - 7 * hour, status: "CompletedWithViolations" },
      { schedule: "data", at: now - 13 * hour, status: "Completed" },
      { schedule: "old", at: now - hour, status: "Completed" },
      { schedule: "quality", at: now - day, status: "Completed" },
      { schedule: "quality", at: now - 2 * day, status: "Completed", bad: true },
      { schedule: "quality", at: now - 3 * day, status: "Completed" },
    ],
    metrics: [
      metric("Invocations", "Sum", 60_000, now - 3 * hour),
      metric("Invocations", "Sum", 40_000, now - 20 * day),
      metric("Invocation5XXErrors", "Sum", 25, now - 3 * hour),
      metric("Invocations", "Sum", 1_000_000, now - 40 * day),
      metric("ModelLatency", "p50", 21_000, now - 3 * hour),
      metric("ModelLatency", "p99", 187_400, now - 3 * hour),
    ],
  };
}

export const monitorScene: SourceScene = {
  start: () => startFakeMonitor(monitored()),
  auth: "keys",
  username: sagemakerKeys.accessKeyId,
  secret: sagemakerKeys.secretAccessKey,
  settings: { region: sagemakerKeys.region },
  denied: /ListMonitoringExecutions/,
  missing: "sagemaker:ListMonitoringExecutions",
  told: {
    "drift.data_monitor_at": "2026-11-20T02:10:00.000Z",
    "drift.data_cadence_hours": 6,
    "drift.data_violated": true,
    "drift.concept_monitor_at": "2026-11-19T09:10:00.000Z",
    "drift.concept_cadence_hours": 48,
    "drift.concept_violated": false,
    "monitoring.rate": true,
    "monitoring.errors": true,
    "monitoring.duration": true,
    "serving.latency_p50_ms": 21,
    "serving.latency_p99_ms": 187,
    "serving.latency_ms": 187,
    "slo.count": 1,
    "slo.reporting": true,
    "slo.attainment": 0.99975,
    "slo.objective": 0.999,
    "slo.error_budget_remaining": 0.75,
  },
  unmatched: "by-hand",
  decides: { item: "drf-1" },
  hostile: {
    start: () => {
      const scene = monitored();
      // Its clock is a year ahead, and of the executions every fifth is garbled.
      scene.executions.push({ schedule: "data", at: now + 365 * day, status: "Completed" });
      scene.executions = [
        ...scene.executions.filter((e) => e.schedule !== "quality"),
        ...Array.from({ length: 10 }, (_, i) => ({
          schedule: "quality",
          at: now - (i + 1) * day,
          status: "Completed",
          bad: i % 5 === 4,
        })),
      ];
      return startFakeMonitor(scene);
    },
    told: { "drift.concept_monitor_at": "2026-11-19T09:10:00.000Z", "drift.concept_cadence_hours": 24, "slo.count": 1 },
    skipped: 1,
    future: "drift.data_monitor_at",
  },
};
