import { type Cloud, clouds, largeScene } from "@/lib/testing/fakes/clouds";
import { type ContractTraits, registryContract } from "@/lib/testing/registry-contract";
import { sagemakerTraits } from "@/lib/testing/sagemaker-traits";
import type { System } from "./systems";

/** The contract of a registry over each cloud's fake; SageMaker's over moto is in its own folder. */
function contract(system: keyof typeof clouds & System, title: string, traits: ContractTraits): void {
  const cloud: Cloud = clouds[system];
  registryContract(
    `${title} (contract fake)`,
    async () => {
      const scene = largeScene(cloud.alias);
      const fake = await cloud.start(scene);
      fake.pageSize = 4;
      const { auth, username, secret, settings } = cloud.target(fake.url);
      return {
        url: fake.url,
        connect: {
          system,
          auth,
          ...(username === null ? {} : { username }),
          ...(secret === null ? {} : { secret }),
          settings,
          prodAlias: cloud.alias,
        },
        models: scene.models.length,
        versions: scene.models.flatMap((m) => m.versions).length,
        middle: 12,
        stop: fake.close,
      };
    },
    traits,
  );
}

// The fake checks signatures, which cover the body: an empty page cannot be put before it here. moto's is.
contract("sagemaker", "Amazon SageMaker", { ...sagemakerTraits, paging: null });

contract("vertex_ai", "Google Vertex AI", {
  list: ({ url }) =>
    /\/models$|:listVersions$/.test(url.pathname) ? "models" : /\/endpoints$/.test(url.pathname) ? "endpoints" : null,
  key: (r) => `${String(r.name)} ${String(r.versionId ?? "")}`,
  spoil: (r) => ({ ...r, labels: 5, trafficSplit: 5 }),
  paging: { query: "pageToken", answer: "nextPageToken" },
  forbidden: {
    status: 403,
    body: {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message: "Permission 'aiplatform.models.list' denied on resource (or it may not exist).",
        details: [{ reason: "IAM_PERMISSION_DENIED", metadata: { permission: "aiplatform.models.list" } }],
      },
    },
    named: /aiplatform\.models\.list/,
  },
  unauthorized: { status: 401, body: { error: { code: 401, status: "UNAUTHENTICATED", message: "Expired." } } },
  renews: true,
});

// The next page is a link here, not a token: clouds.test.ts puts empty pages into the fake itself.
contract("azure_ml", "Azure Machine Learning", {
  list: ({ url }) => (/\/(models|versions|onlineEndpoints|deployments)$/.test(url.pathname) ? "value" : null),
  key: (r) => String(r.id),
  spoil: (r) => ({ ...r, properties: "none" }),
  paging: null,
  forbidden: {
    status: 403,
    body: {
      error: {
        code: "AuthorizationFailed",
        message:
          "The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/models/read' over scope '/s' or the scope is invalid.",
      },
    },
    named: /Microsoft\.MachineLearningServices\/workspaces\/models\/read/,
  },
  unauthorized: { status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "Expired." } } },
  renews: true,
});

// A result comes in numbered parts, not by tokens; its rows are arrays, in the order of the columns.
contract("snowflake", "Snowflake", {
  list: ({ body }) => (/"SHOW (MODELS|VERSIONS)/.test(body) ? "data" : null),
  key: (row) => `${String(row[1])} ${String(row[6])}`,
  spoil: (row) => Object.assign([], row, { 0: "yesterday" }),
  paging: null,
  forbidden: {
    status: 422,
    body: {
      code: "003001",
      message: "SQL access control error: Insufficient privileges to operate on database 'ML'.",
      sqlState: "42501",
    },
    named: /USAGE ON DATABASE/,
  },
  unauthorized: { status: 401, body: { code: "390144", message: "JWT token is invalid." } },
  renews: true,
});
