/** The model registries that can be connected; each has a description (kinds.ts) and an implementation (registries.ts). */
export const registrySystems = ["mlflow", "unity_catalog", "sagemaker", "vertex_ai", "azure_ml", "snowflake"] as const;
export type RegistrySystem = (typeof registrySystems)[number];

/** The sources of facts that can be connected; each has a description (kinds.ts) and an implementation (sources.ts). */
export const sourceSystems = [
  "prometheus",
  "pagerduty",
  "github",
  "evidently",
  "sagemaker_monitor",
  "databricks",
  "servicenow",
  "airflow",
  "feast",
] as const;
export type SourceSystem = (typeof sourceSystems)[number];

export const systems = [...registrySystems, ...sourceSystems] as const;
export type System = (typeof systems)[number];

const sources: readonly string[] = sourceSystems;
export const isSource = (system: System): system is SourceSystem => sources.includes(system);
