import "server-only";
import type { HttpLimits } from "./http";
import type { Registry, RegistryClient, Target } from "./registry";
import type { RegistrySystem } from "./systems";

/** How each registry is spoken to. Loaded when first needed: a portal that connects one kind carries no other. */
const implementations: Readonly<Record<RegistrySystem, () => Promise<Registry>>> = {
  mlflow: async () => (await import("./mlflow/registry")).mlflow,
  unity_catalog: async () => (await import("./unity-catalog/registry")).unityCatalog,
  sagemaker: async () => (await import("./sagemaker/registry")).sagemaker,
  vertex_ai: async () => (await import("./vertex-ai/registry")).vertexAi,
  azure_ml: async () => (await import("./azure-ml/registry")).azureMl,
  snowflake: async () => (await import("./snowflake/registry")).snowflake,
};

/** Opens a registry; callers close it. Throws UpstreamFault when its address may not be reached. */
export async function openRegistry(
  system: RegistrySystem,
  target: Target,
  limits: Partial<HttpLimits> = {},
): Promise<RegistryClient> {
  return (await implementations[system]()).open(target, limits);
}
