import { azureMlKind } from "./azure-ml/kind";
import { mlflowKind } from "./mlflow/kind";
import type { RegistryKind } from "./registry";
import { sagemakerKind } from "./sagemaker/kind";
import { snowflakeKind } from "./snowflake/kind";
import type { System } from "./systems";
import { unityCatalogKind } from "./unity-catalog/kind";
import { vertexAiKind } from "./vertex-ai/kind";

/** Every registry that can be connected: what the setup page asks for. */
export const kinds: Readonly<Record<System, RegistryKind>> = {
  mlflow: mlflowKind,
  unity_catalog: unityCatalogKind,
  sagemaker: sagemakerKind,
  vertex_ai: vertexAiKind,
  azure_ml: azureMlKind,
  snowflake: snowflakeKind,
};

export const kindOf = (system: System): RegistryKind => kinds[system];
