import { z } from "zod";
import { isDatabricks, oauthSignIn } from "@/lib/connectors/databricks/sign-in";
import type { RegistryKind } from "@/lib/connectors/registry";

/** MLflow's model registry: an open-source server, or a Databricks workspace's own registry (not Unity Catalog). */
export const mlflowKind: RegistryKind = {
  kind: "mlflow",
  title: "MLflow",
  reads:
    "Registered models, versions, aliases, runs and files. READ on the registry and its experiments is enough to import.",
  address: {
    label: "Address of the MLflow server",
    hint: "As in https://mlflow.example.com, with a path prefix if it has one; or the address of a Databricks workspace.",
  },
  signIn: [
    { id: "none", title: "No credentials" },
    { id: "basic", title: "User name and password", username: "User name", secret: { label: "Password" } },
    { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } },
    oauthSignIn,
  ],
  settings: z.strictObject({}),
  prodAlias: { label: "Alias that marks production", default: "champion" },
  platform: (baseUrl) => (isDatabricks(baseUrl) ? "databricks" : "mlflow"),
  modelUrl: (baseUrl, { name }) => `${baseUrl}/#/models/${encodeURIComponent(name)}`,
};
