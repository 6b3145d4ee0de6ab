import "server-only";
import type { HttpLimits } from "./http";
import type { Target } from "./registry";
import type { Source, SourceClient, SourceFile } from "./source";
import type { SourceSystem } from "./systems";

/** How each source of facts is spoken to. Loaded when first needed. */
const implementations: Readonly<Record<SourceSystem, () => Promise<Source>>> = {
  airflow: async () => (await import("./airflow/source")).airflow,
  databricks: async () => (await import("./databricks/source")).databricks,
  evidently: async () => (await import("./evidently/source")).evidently,
  feast: async () => (await import("./feast/source")).feast,
  github: async () => (await import("./github/source")).github,
  pagerduty: async () => (await import("./pagerduty/source")).pagerDuty,
  prometheus: async () => (await import("./prometheus/source")).prometheus,
  sagemaker_monitor: async () => (await import("./sagemaker-monitor/source")).sagemakerMonitor,
  servicenow: async () => (await import("./servicenow/source")).serviceNow,
};

/** Opens a source of facts; callers close it. Throws UpstreamFault when its address may not be reached. */
export async function openSource(
  system: SourceSystem,
  target: Target,
  files: readonly SourceFile[],
  limits: Partial<HttpLimits> = {},
): Promise<SourceClient> {
  return (await implementations[system]()).open(target, files, limits);
}
