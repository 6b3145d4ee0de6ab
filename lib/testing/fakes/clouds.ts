import type { Settings, Target } from "@/lib/connectors/registry";
import { azuremlPlace, startAzuremlFake } from "./azure-ml";
import { sagemakerKeys, startSagemakerFake } from "./sagemaker";
import type { Fake, Scene } from "./server";
import { snowflakeKey, snowflakePlace, startSnowflakeFake } from "./snowflake";
import { startVertexFake, vertexId, vertexKey, vertexPlace } from "./vertex-ai";

/** What is the same to ask of every cloud's registry, and what differs between them. */
export type Cloud = {
  start: (scene: Scene) => Promise<Fake>;
  target: (url: string) => Target;
  /** The model's id in the registry by its name in the scene. */
  idOf: (name: string) => string;
  /** The mark of the version that serves, as people set it. */
  alias: string;
  /** What to deny, and what the permission is then called. */
  listing: { denied: RegExp; permission: string };
  serving: { denied: RegExp; permission: string } | null;
  /** The version that the registry says serves, and the percent; null where a platform does not split. */
  splits: boolean;
  /** Whether a digest can be vouched for in the registry. */
  digests: boolean;
  commits: boolean;
};

const target = (
  baseUrl: string,
  auth: string,
  username: string | null,
  secret: string,
  settings: Settings,
): Target => ({
  baseUrl,
  auth,
  username,
  secret,
  settings,
});

export const clouds: Record<"sagemaker" | "vertex_ai" | "azure_ml" | "snowflake", Cloud> = {
  sagemaker: {
    start: startSagemakerFake,
    target: (url) =>
      target(url, "keys", sagemakerKeys.accessKeyId, sagemakerKeys.secretAccessKey, { region: sagemakerKeys.region }),
    idOf: (name) => name,
    alias: "Approved",
    listing: { denied: /^ListModelPackages$/, permission: "sagemaker:ListModelPackages" },
    serving: { denied: /^DescribeEndpointConfig$/, permission: "sagemaker:DescribeEndpointConfig" },
    splits: true,
    digests: true,
    commits: true,
  },
  vertex_ai: {
    start: startVertexFake,
    target: (url) => target(url, "service_account", null, vertexKey(url), vertexPlace),
    idOf: vertexId,
    alias: "prod",
    listing: { denied: /^aiplatform\.models\.list$/, permission: "aiplatform.models.list" },
    serving: { denied: /^aiplatform\.endpoints\.list$/, permission: "aiplatform.endpoints.list" },
    splits: true,
    digests: false,
    commits: false,
  },
  azure_ml: {
    start: startAzuremlFake,
    target: (url) =>
      target(url, "client_secret", azuremlPlace.clientId, azuremlPlace.clientSecret, {
        tenant: azuremlPlace.tenant,
        subscription: azuremlPlace.subscription,
        resourceGroup: azuremlPlace.resourceGroup,
        kind: "workspaces",
        name: azuremlPlace.workspace,
      }),
    idOf: (name) => name,
    alias: "Production",
    listing: {
      denied: /workspaces\/models\/versions\/read$/,
      permission: "Microsoft.MachineLearningServices/workspaces/models/versions/read",
    },
    serving: {
      denied: /onlineEndpoints\/deployments\/read$/,
      permission: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/read",
    },
    splits: true,
    digests: true,
    commits: true,
  },
  snowflake: {
    start: startSnowflakeFake,
    target: (url) =>
      target(url, "key_pair", snowflakePlace.user, snowflakeKey, {
        account: snowflakePlace.account,
        role: "COUNTERSIGN_READER",
      }),
    idOf: (name) => (/^[A-Z_][A-Z0-9_$]*$/.test(name) ? `ML.PROD.${name}` : `ML.PROD."${name}"`),
    alias: "DEFAULT",
    listing: { denied: /^SHOW MODELS/, permission: "USAGE ON DATABASE and SCHEMA" },
    serving: { denied: /^SHOW SERVICES/, permission: "MONITOR ON SERVICE" },
    splits: false,
    digests: true,
    commits: false,
  },
};

/** A few models in the form of each cloud; `alias` stands on the second version of the first. */
export function smallScene(alias: string, digest = "ab".repeat(32)): Scene {
  const day = 86_400_000;
  const version = (n: number, over: Partial<Scene["models"][number]["versions"][number]> = {}) => ({
    version: String(n),
    created: Date.UTC(2026, 2, 1) + n * day,
    aliases: [],
    commit: null,
    digest: null,
    ...over,
  });
  return {
    models: [
      {
        name: "card-fraud",
        description: "Scores card payments.",
        tags: { team: "risk" },
        versions: [
          version(1, { commit: "9f1c2ab7e0" }),
          version(2, { commit: "1d2e3f4a5b", digest, aliases: [alias] }),
          version(3),
        ],
      },
      { name: "churn", description: "", tags: {}, versions: [version(4)] },
      { name: "no-versions-yet", description: "", tags: {}, versions: [] },
    ],
    endpoints: [
      {
        name: "fraud-live",
        slots: [
          { slot: "blue", model: "card-fraud", version: "2", percent: 90 },
          { slot: "green", model: "card-fraud", version: "3", percent: 10 },
        ],
      },
    ],
  };
}

/** Ten models of four versions each; every `bad`th version cannot be understood. */
export function largeScene(alias: string, bad = 0): Scene {
  const models = Array.from({ length: 10 }, (_, m) => ({
    name: `model-${m}`,
    description: `The model number ${m}.`,
    tags: { team: "risk" },
    versions: Array.from({ length: 4 }, (_, v) => ({
      version: String(v + 1),
      created: Date.UTC(2026, 2, 1) + (m * 4 + v) * 3_600_000,
      aliases: v === 1 ? [alias] : [],
      commit: null,
      digest: null,
      bad: bad > 0 && (m * 4 + v) % bad === 0,
    })),
  }));
  return { models, endpoints: [] };
}
