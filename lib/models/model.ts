import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

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

export const deploymentKinds = ["new", "rollback", "redeploy"] as const;
export type DeploymentKind = (typeof deploymentKinds)[number];

/** What a version serves from. */
export const targetKinds = ["endpoint", "job", "device"] as const;
export type TargetKind = (typeof targetKinds)[number];

export const targetKindName: Record<TargetKind, string> = { endpoint: "Endpoint", job: "Job", device: "Device fleet" };

export const kindName: Record<ModelKind, string> = {
  classical: "Classical",
  deep_learning: "Deep learning",
  foundation: "Foundation",
  llm_app: "LLM application",
  rag: "RAG",
  agent: "Agent",
};

export const servingName: Record<ServingType, string> = {
  batch: "Batch",
  online: "Online",
  streaming: "Stream",
  edge: "Edge",
};

export const platformName: Record<Platform, string> = {
  databricks: "Databricks",
  sagemaker: "SageMaker",
  vertex_ai: "Vertex AI",
  azure_ml: "Azure ML",
  snowflake: "Snowflake",
  mlflow: "MLflow",
  on_prem: "On-prem",
  other: "Other",
};

export const stageName: Record<Stage, string> = {
  unclaimed: "Unclaimed",
  idea: "Idea",
  development: "Development",
  review: "Review",
  pilot: "Pilot",
  shadow: "Shadow",
  live: "Live",
  retiring: "Retiring",
  retired: "Retired",
};

export const legalClassName: Record<LegalClass, string> = {
  prohibited: "Prohibited practice",
  high_risk_annex_i: "High-risk, Annex I",
  high_risk_annex_iii: "High-risk, Annex III",
  annex_iii_not_high_risk: "Annex III, not high-risk",
  transparency_art50: "Transparency, Art. 50",
  minimal: "Minimal risk",
};

/** Where a stage may go. `unclaimed` is left by a claim only, and a retired model comes back through development. */
export const stageAfter: Record<Stage, readonly Stage[]> = {
  unclaimed: [],
  idea: ["development", "retired"],
  development: ["idea", "review", "pilot", "shadow", "live", "retired"],
  review: ["development", "pilot", "shadow", "live", "retired"],
  pilot: ["development", "review", "shadow", "live", "retiring", "retired"],
  shadow: ["development", "review", "pilot", "live", "retiring", "retired"],
  live: ["development", "pilot", "shadow", "retiring", "retired"],
  retiring: ["live", "retired"],
  retired: ["development"],
};

/** What a rule needs to know of a model. */
export type ModelSubject = {
  name: string;
  businessUnitId: string | null;
  ownerId: string | null;
  ownerName: string | null;
  backupOwnerId: string | null;
  stage: Stage;
};

const outside = "This model belongs to another business unit. Ask someone with a role there.";

/** Whether the actor may enter a model or use case into a business unit. */
export function mayRegister(actor: Actor, unitId: string | null): Verdict {
  if (!holds(actor, "inventory:write"))
    return no("forbidden", "Entering models needs the role model owner, architect or administrator.");
  return holds(actor, "inventory:write", unitId)
    ? yes
    : no("forbidden", "Your role does not reach this business unit. Choose one of yours, or ask its architect.");
}

/** Whether the actor may change the inventory's record of a model. */
export function mayEdit(actor: Actor, model: ModelSubject): Verdict {
  if (!holds(actor, "inventory:write"))
    return no("forbidden", "Editing a model needs the role model owner, architect or administrator.");
  return holds(actor, "inventory:write", model.businessUnitId) ? yes : no("forbidden", outside);
}

/**
 * Whether the actor may become, or name, the owner. A model without an owner is claimed by whoever answers for it; one with an
 * owner is handed over by the owner, the deputy or an architect.
 */
export function mayClaim(actor: Actor, model: ModelSubject): Verdict {
  if (!holds(actor, "inventory:claim"))
    return no("forbidden", "Claiming a model needs the role model owner or architect.");
  if (!holds(actor, "inventory:claim", model.businessUnitId)) return no("forbidden", outside);
  if (model.ownerId === null || model.ownerId === actor.id || model.backupOwnerId === actor.id) return yes;
  if (hasRole(actor, "architect")) return yes;
  return no(
    "conflict",
    `${model.ownerName ?? "Someone"} owns ${model.name}. The owner, the deputy or an architect can hand it over.`,
  );
}

/** Whether the actor may move the model to another stage; whether the step exists is `stageAfter`'s word. */
export function mayChangeStage(actor: Actor, model: ModelSubject): Verdict {
  if (model.stage === "unclaimed") return no("conflict", `Claim ${model.name} first: nobody answers for it yet.`);
  return mayEdit(actor, model);
}

/** Whether the actor may enter a version: people who keep the inventory, and build services. */
export function mayRegisterVersion(actor: Actor, model: ModelSubject): Verdict {
  if (holds(actor, "facts:push", model.businessUnitId)) return yes;
  return mayEdit(actor, model);
}

/** Whether the actor may say what serves where. Reports come from delivery systems, never from a screen. */
export function mayReportDeployment(actor: Actor, model: ModelSubject): Verdict {
  return holds(actor, "deployments:report", model.businessUnitId)
    ? yes
    : no("forbidden", "Reporting deployments needs a service token with the right deployments:report.");
}

/** Whether the actor may ask owners for something about their models. */
export function mayAskOwners(actor: Actor): Verdict {
  return holds(actor, "inventory:write") || holds(actor, "reviews:vote")
    ? yes
    : no("forbidden", "Asking owners needs the role model owner, architect, administrator or a reviewer's role.");
}
