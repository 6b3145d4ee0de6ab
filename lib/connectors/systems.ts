/** The registries that can be connected; each has a description (kinds.ts) and an implementation (registries.ts). */
export const systems = ["mlflow", "unity_catalog", "sagemaker", "vertex_ai", "azure_ml", "snowflake"] as const;
export type System = (typeof systems)[number];
