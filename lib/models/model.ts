/** Vocabulary of the model inventory (product.md, "Inventory and portfolio"). */
export const modelKinds = ["classical", "deep_learning", "foundation", "llm_app", "rag", "agent"] as const;
export type ModelKind = (typeof modelKinds)[number];

export const servingTypes = ["batch", "online", "streaming", "edge"] as const;
export type ServingType = (typeof servingTypes)[number];

export const platforms = [
  "databricks",
  "sagemaker",
  "vertex_ai",
  "azure_ml",
  "snowflake",
  "mlflow",
  "on_prem",
  "other",
] as const;
export type Platform = (typeof platforms)[number];

/** Unclaimed: seen in a registry, owned by nobody yet. */
export const stages = [
  "unclaimed",
  "idea",
  "development",
  "review",
  "pilot",
  "shadow",
  "live",
  "retiring",
  "retired",
] as const;
export type Stage = (typeof stages)[number];

/** EU AI Act class, strictest first (governance.md section 1.1). Art. 50 transparency is a flag that stacks. */
export const legalClasses = [
  "prohibited",
  "high_risk_annex_i",
  "high_risk_annex_iii",
  "annex_iii_not_high_risk",
  "transparency_art50",
  "minimal",
] as const;
export type LegalClass = (typeof legalClasses)[number];

export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];
