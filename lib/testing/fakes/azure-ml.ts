import { type Fake, type FakeAnswer, type FakeRequest, pageOf, type Scene, type SceneModel, startFake } from "./server";

export const azuremlPlace = {
  tenant: "72f988bf-0000-4000-8000-2d7cd011db47",
  clientId: "b7d4c7aa-0000-4000-8000-7a1e66a3f0c1",
  clientSecret: "Xy~8Q-countersign-tests",
  subscription: "00000000-1111-4222-8333-444444444444",
  resourceGroup: "rg-ml",
  workspace: "ws-risk",
};
const provider = "Microsoft.MachineLearningServices";
const root = `/subscriptions/${azuremlPlace.subscription}/resourceGroups/${azuremlPlace.resourceGroup}/providers/${provider}/workspaces/${azuremlPlace.workspace}`;
const error = (status: number, code: string, message: string): FakeAnswer => ({
  status,
  json: { error: { code, message } },
});

/** Azure Resource Manager for one workspace, and the token endpoint of Microsoft Entra. */
export function startAzuremlFake(scene: Scene): Promise<Fake> {
  const tokens = new Set<string>();
  let made = 0;
  const isToken = (request: FakeRequest) => request.url.pathname === `/${azuremlPlace.tenant}/oauth2/v2.0/token`;
  const held = (request: FakeRequest) => String(request.headers.authorization).replace(/^Bearer /, "");
  const expired = error(401, "ExpiredAuthenticationToken", "The access token expiry is earlier than the current time.");
  return startFake(scene, {
    spared: isToken,
    authorize: (request) => (isToken(request) || tokens.has(held(request)) ? null : expired),
    answer: (request, fake) => {
      if (!isToken(request)) return answer(request, fake);
      const form = new URLSearchParams(request.body);
      const good =
        form.get("grant_type") === "client_credentials" &&
        form.get("client_id") === azuremlPlace.clientId &&
        form.get("client_secret") === azuremlPlace.clientSecret &&
        form.get("scope") === `${request.url.origin}/.default`;
      if (!good)
        return {
          status: 401,
          json: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." },
        };
      const token = `eyJ0eXAi.${++made}`;
      tokens.add(token);
      return {
        status: 200,
        json: { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token },
      };
    },
    expired: (request) => {
      tokens.delete(held(request));
      return expired;
    },
    denied: (request) =>
      error(
        403,
        "AuthorizationFailed",
        `The client '${azuremlPlace.clientId}' with object id 'o' does not have authorization to perform action '${nameOf(request)}' over scope '${root}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      ),
    throttled: error(429, "TooManyRequests", "The request is being throttled."),
    failed: error(500, "InternalServerError", "Something went wrong."),
    nameOf,
  });
}

function nameOf({ method, url }: FakeRequest): string {
  const rest = url.pathname.slice(root.length + 1).split("/");
  const kind =
    rest[0] === "models"
      ? rest.length > 1
        ? "models/versions"
        : "models"
      : rest.length > 1
        ? "onlineEndpoints/deployments"
        : "onlineEndpoints";
  return `${provider}/workspaces/${kind}/${method === "GET" ? "read" : "write"}`;
}

type Version = SceneModel["versions"][number] & { put?: Record<string, unknown> };

function versionOf(m: SceneModel, v: Version) {
  return {
    id: `${root}/models/${m.name}/versions/${v.version}`,
    name: v.version,
    type: `${provider}/workspaces/models/versions`,
    properties: {
      description: "",
      tags: v.digest ? { "countersign.digest": v.digest } : {},
      properties: v.commit ? { "mlflow.source.git.commit": v.commit } : {},
      isAnonymous: false,
      isArchived: false,
      modelType: "mlflow_model",
      modelUri: `azureml://subscriptions/s/resourcegroups/rg-ml/workspaces/ws-risk/datastores/workspaceblobstore/paths/${m.name}/${v.version}`,
      jobName: `icy_fish_${v.version}`,
      flavors: { python_function: { data: {} }, xgboost: { data: {} } },
      stage: v.aliases[0] ?? null,
      provisioningState: "Succeeded",
      ...v.put,
    },
    systemData: {
      createdAt: v.bad ? "yesterday" : new Date(v.created).toISOString(),
      createdBy: "Anna Berger",
      createdByType: "User",
      lastModifiedAt: new Date(v.created).toISOString(),
    },
  };
}

function answer(request: FakeRequest, fake: Fake): FakeAnswer {
  const { method, url } = request;
  const { scene } = fake;
  if (url.searchParams.get("api-version") !== "2025-09-01")
    return error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required.");
  const list = (all: readonly unknown[]): FakeAnswer => {
    const { items, next } = pageOf(all, url.searchParams.get("$skip"), 100, fake);
    const link = new URL(url);
    if (next) link.searchParams.set("$skip", next);
    return { status: 200, json: { value: items, ...(next ? { nextLink: link.href } : {}) } };
  };
  const rest = url.pathname
    .slice(root.length + 1)
    .split("/")
    .map(decodeURIComponent);
  const [kind, name, , leaf] = rest;
  if (!url.pathname.startsWith(`${root}/`)) return error(404, "ResourceNotFound", "The workspace was not found.");
  if (kind === "models" && !name)
    return list(
      scene.models.map((m) => ({
        id: `${root}/models/${m.name}`,
        name: m.name,
        type: `${provider}/workspaces/models`,
        properties: { description: m.description, tags: m.tags, properties: {}, isArchived: false, latestVersion: "1" },
        systemData: { createdAt: "2026-03-01T08:00:00.1234567+00:00" },
      })),
    );
  if (kind === "onlineEndpoints") {
    if (!name)
      return list(
        scene.endpoints.map((e) => ({
          id: `${root}/onlineEndpoints/${e.name}`,
          name: e.name,
          location: "westeurope",
          properties: {
            authMode: "Key",
            provisioningState: "Succeeded",
            scoringUri: `https://${e.name}.westeurope.inference.ml.azure.com/score`,
            traffic: Object.fromEntries(e.slots.map((s) => [s.slot, s.percent])),
          },
        })),
      );
    const endpoint = scene.endpoints.find((e) => e.name === name);
    if (!endpoint) return error(404, "ResourceNotFound", "The endpoint was not found.");
    return list(
      endpoint.slots.map((s) => ({
        id: `${root}/onlineEndpoints/${name}/deployments/${s.slot}`,
        name: s.slot,
        location: "westeurope",
        properties: {
          endpointComputeType: "Managed",
          model: `${root}/models/${s.model}/versions/${s.version}`,
          provisioningState: "Succeeded",
        },
        systemData: { createdAt: "2026-03-03T08:00:00Z", lastModifiedAt: "2026-03-03T08:00:00Z" },
      })),
    );
  }
  const model = scene.models.find((m) => m.name === name);
  if (kind !== "models" || !model) return error(404, "ResourceNotFound", "The model was not found.");
  if (!leaf) return list(model.versions.map((v) => versionOf(model, v)));
  const version: Version | undefined = model.versions.find((v) => v.version === leaf);
  if (!version) return error(404, "ResourceNotFound", "The version was not found.");
  if (method === "PUT") {
    const body: { properties: Record<string, unknown> } = JSON.parse(request.body);
    version.put = body.properties;
    version.aliases = typeof body.properties.stage === "string" ? [body.properties.stage] : [];
  }
  return { status: 200, json: versionOf(model, version) };
}
