import { z } from "zod";
import type { RegistryKind } from "@/lib/connectors/registry";

const identifier = z.string().max(255, "At most 255 characters.");

/** Snowflake Model Registry of one account, or of one database in it. */
export const snowflakeKind: RegistryKind = {
  kind: "snowflake",
  title: "Snowflake",
  reads:
    "Models, versions, aliases and inference services that a role may see, by SHOW commands, which need no warehouse. The role needs USAGE on database and schema and USAGE or READ on each model; to promote, OWNERSHIP of the model.",
  address: { label: "Account address", hint: "As in https://acme-ml.snowflakecomputing.com." },
  signIn: [
    {
      id: "key_pair",
      title: "Key pair of a user",
      username: "User",
      secret: { label: "Private key", hint: "PEM (PKCS#8) without a passphrase.", long: true },
    },
  ],
  settings: z.strictObject({
    role: identifier
      .regex(/^[A-Za-z_][\w$]*$/, "Letters, digits and underscore.")
      .optional()
      .meta({ title: "Role", description: "Left out: the user's default role." }),
    database: identifier
      .optional()
      .meta({ title: "Database", description: "Left out: every database the role may see." }),
    account: identifier
      .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits, dash and underscore.")
      .optional()
      .meta({ title: "Account identifier", description: "Left out: the first part of the address." }),
  }),
  prodAlias: { label: "Alias that marks production", default: "DEFAULT" },
  platform: () => "snowflake",
  // Snowsight leads from an account address to its own.
  modelUrl: (baseUrl) => `${baseUrl}/`,
};
