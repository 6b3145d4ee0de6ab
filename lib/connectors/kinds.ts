import { mlflowKind } from "./mlflow/kind";
import type { RegistryKind } from "./registry";
import type { System } from "./systems";

/** Every registry that can be connected: what the setup page asks for. */
export const kinds: Readonly<Record<System, RegistryKind>> = {
  mlflow: mlflowKind,
};

export const kindOf = (system: System): RegistryKind => kinds[system];
