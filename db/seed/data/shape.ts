import type { LegalClass, ModelKind, Platform, ServingType, Stage } from "@/lib/models/model";

export type UnitSlug = "cards" | "retail" | "insurance" | "finance" | "service";

/** A model of the demo organisation. `risk` is its twelve answers, Q1 to Q12, one digit each ("?" is don't know); absent while nobody answered. */
export type SeedModel = {
  name: string;
  does: string;
  kind: ModelKind;
  method: string;
  serving: ServingType;
  platform: Platform;
  stage: Stage;
  owner: string;
  risk?: string;
  legal?: LegalClass;
  pattern?: "online-inference" | "batch-scoring" | "llm-assistant";
  deviations?: string;
};

export type SeedUseCase = {
  name: string;
  problem: string;
  sponsor: string;
  /** Expected value a year, EUR. */
  value: number;
  status: "idea" | "building" | "live" | "retired";
  models: readonly [SeedModel, SeedModel];
};
