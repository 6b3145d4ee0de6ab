import { z } from "zod";
import type { RegistryKind } from "@/lib/connectors/registry";

const name = (title: string, description: string) =>
  z
    .string()
    .min(1, "Give it.")
    .max(90, "At most 90 characters.")
    .regex(/^[\w().-]+$/, "Letters, digits, dot, dash and underscore.")
    .meta({ title, description });
const guid = (title: string, description: string) =>
  z
    .string()
    .max(36, "A GUID.")
    .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "A GUID as in 00000000-0000-0000-0000-000000000000.")
    .meta({ title, description });

/** A workspace or a registry of Azure Machine Learning. */
export const azureMlKind: RegistryKind = {
  kind: "azure_ml",
  title: "Azure Machine Learning",
  reads:
    "Models, versions, stages and online endpoints of one workspace or registry. The role Reader on it is enough to import (AzureML Registry User on a registry); to promote, Microsoft.MachineLearningServices/workspaces/models/versions/write (registries/assets/write).",
  address: {
    label: "Address of Azure Resource Manager",
    hint: "Left out: https://management.azure.com. Sovereign clouds have their own, and their own sign-in with it.",
    from: () => "https://management.azure.com",
  },
  signIn: [
    {
      id: "client_secret",
      title: "Service principal",
      username: "Client id",
      secret: { label: "Client secret" },
    },
  ],
  settings: z.strictObject({
    tenant: guid("Tenant", "The directory of the service principal."),
    subscription: guid("Subscription", "The subscription of the workspace or registry."),
    resourceGroup: name("Resource group", "As in rg-ml-prod."),
    kind: z.enum(["workspaces", "registries"]).default("workspaces").meta({
      title: "What to read",
      description: "A workspace has its own models and endpoints; a registry is shared.",
    }),
    name: name("Its name", "The workspace or registry, as in ws-risk."),
  }),
  prodAlias: { label: "Stage that marks production", default: "Production" },
  platform: () => "azure_ml",
  // The studio finds a model by its workspace, which the address does not name.
  modelUrl: () => "https://ml.azure.com/model/list",
};
