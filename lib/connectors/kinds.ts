import { airflowKind } from "./airflow/kind";
import { azureMlKind } from "./azure-ml/kind";
import { databricksKind } from "./databricks/kind";
import { evidentlyKind } from "./evidently/kind";
import { feastKind } from "./feast/kind";
import { githubKind } from "./github/kind";
import { mlflowKind } from "./mlflow/kind";
import { pagerDutyKind } from "./pagerduty/kind";
import { prometheusKind } from "./prometheus/kind";
import type { RegistryKind } from "./registry";
import { sagemakerKind } from "./sagemaker/kind";
import { sagemakerMonitorKind } from "./sagemaker-monitor/kind";
import { serviceNowKind } from "./servicenow/kind";
import { snowflakeKind } from "./snowflake/kind";
import type { SourceKind } from "./source";
import type { RegistrySystem, SourceSystem, System } from "./systems";
import { unityCatalogKind } from "./unity-catalog/kind";
import { vertexAiKind } from "./vertex-ai/kind";

/** Every registry that can be connected: what the setup page asks for. */
export const registryKinds: Readonly<Record<RegistrySystem, RegistryKind>> = {
  mlflow: mlflowKind,
  unity_catalog: unityCatalogKind,
  sagemaker: sagemakerKind,
  vertex_ai: vertexAiKind,
  azure_ml: azureMlKind,
  snowflake: snowflakeKind,
};

/** Every source of facts that can be connected. */
export const sourceKinds: Readonly<Record<SourceSystem, SourceKind>> = {
  prometheus: prometheusKind,
  pagerduty: pagerDutyKind,
  github: githubKind,
  evidently: evidentlyKind,
  sagemaker_monitor: sagemakerMonitorKind,
  databricks: databricksKind,
  servicenow: serviceNowKind,
  airflow: airflowKind,
  feast: feastKind,
};

const kinds: Readonly<Record<System, RegistryKind | SourceKind>> = { ...registryKinds, ...sourceKinds };

export const kindOf = (system: System): RegistryKind | SourceKind => kinds[system];
