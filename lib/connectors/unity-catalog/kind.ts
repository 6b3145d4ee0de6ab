import { z } from "zod";
import { isDatabricks, oauthSignIn } from "@/lib/connectors/databricks/sign-in";
import type { RegistryKind } from "@/lib/connectors/registry";

/** Unity Catalog: Databricks' own, or the open-source server, which has no aliases, tags, runs or endpoints. */
export const unityCatalogKind: RegistryKind = {
  kind: "unity_catalog",
  title: "Unity Catalog",
  reads:
    "Registered models, versions, aliases, the tables they depend on, runs, and what endpoints serve. BROWSE on the catalogs and EXECUTE on the models; CAN VIEW on endpoints.",
  address: {
    label: "Address of the workspace",
    hint: "As in https://adb-1234567890.7.azuredatabricks.net; or an open-source Unity Catalog server.",
  },
  signIn: [
    oauthSignIn,
    { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } },
    { id: "none", title: "No credentials" },
  ],
  settings: z.strictObject({
    flavour: z
      .enum(["databricks", "open_source"])
      .default("databricks")
      .meta({ title: "Server", description: "The open-source server has models and versions only." }),
    catalogs: z.string().max(1000, "At most 1000 characters.").optional().meta({
      title: "Catalogs",
      description: "Names with commas between; left empty: every catalog this account sees.",
    }),
    warehouse: z
      .string()
      .max(100, "At most 100 characters.")
      .regex(/^[0-9a-zA-Z_-]+$/, "The id of a SQL warehouse, as its address shows it.")
      .optional()
      .meta({
        title: "SQL warehouse",
        description:
          "With its id, served versions of all workspaces are read from system.serving; without, those of this workspace only.",
      }),
  }),
  prodAlias: { label: "Alias that marks production", default: "champion" },
  platform: (baseUrl) => (isDatabricks(baseUrl) ? "databricks" : "other"),
  modelUrl: (baseUrl, { name }) =>
    `${baseUrl}/explore/data/models/${name.split(".").map(encodeURIComponent).join("/")}`,
};
