import { createVerify, generateKeyPairSync } from "node:crypto";
import { type Fake, type FakeAnswer, type FakeRequest, pageOf, type Scene, type SceneModel, startFake } from "./server";

export const vertexPlace = { project: "acme-ml", location: "europe-west4" };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A service account's key file whose tokens this fake gives. */
export const vertexKey = (url: string): string =>
  JSON.stringify({
    type: "service_account",
    project_id: vertexPlace.project,
    private_key_id: "k1",
    private_key: pair.privateKey.export({ type: "pkcs8", format: "pem" }),
    client_email: "countersign@acme-ml.iam.gserviceaccount.com",
    token_uri: `${url}/token`,
  });

const parent = `projects/${vertexPlace.project}/locations/${vertexPlace.location}`;
const error = (code: number, status: string, message: string, details: unknown[] = []): FakeAnswer => ({
  status: code,
  json: { error: { code, message, status, details } },
});

/** Vertex AI's REST API and the token endpoint of Google. A model's id is a number that says nothing of its name. */
export function startVertexFake(scene: Scene): Promise<Fake> {
  const tokens = new Set<string>();
  let made = 0;
  const isToken = (request: FakeRequest) => request.url.pathname === "/token";
  return startFake(scene, {
    spared: isToken,
    authorize: (request) =>
      isToken(request) || tokens.has(String(request.headers.authorization).replace(/^Bearer /, ""))
        ? null
        : error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    answer: (request, fake) => {
      if (!isToken(request)) return answer(request, fake);
      const why = badAssertion(request, fake);
      if (why) return { status: 400, json: { error: "invalid_grant", error_description: why } };
      const token = `ya29.${++made}`;
      tokens.add(token);
      return { status: 200, json: { access_token: token, expires_in: 3599, token_type: "Bearer" } };
    },
    expired: (request) => {
      tokens.delete(String(request.headers.authorization).replace(/^Bearer /, ""));
      return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    },
    denied: (request) => {
      const permission = nameOf(request);
      return error(
        403,
        "PERMISSION_DENIED",
        `Permission '${permission}' denied on resource '//aiplatform.googleapis.com/${parent}' (or it may not exist).`,
        [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "IAM_PERMISSION_DENIED",
            domain: "aiplatform.googleapis.com",
            metadata: { permission, resource: parent },
          },
        ],
      );
    },
    throttled: error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for aiplatform.googleapis.com."),
    failed: error(500, "INTERNAL", "Internal error encountered."),
    nameOf,
  });
}

function nameOf({ method, url }: FakeRequest): string {
  if (url.pathname.endsWith("/endpoints")) return "aiplatform.endpoints.list";
  if (method !== "GET") return "aiplatform.models.update";
  return /\/models\/[^:]+$/.test(url.pathname) ? "aiplatform.models.get" : "aiplatform.models.list";
}

function badAssertion(request: FakeRequest, fake: Fake): string | null {
  const form = new URLSearchParams(request.body);
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return "Wrong grant type.";
  const [head = "", body = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  const holds = createVerify("RSA-SHA256").update(`${head}.${body}`).verify(pair.publicKey, signature, "base64url");
  if (!holds) return "Invalid JWT Signature.";
  const claims: { iss?: string; aud?: string; iat?: number; exp?: number; scope?: string } = JSON.parse(
    Buffer.from(body, "base64url").toString(),
  );
  const now = (Date.now() + fake.skewMs) / 1000;
  if (claims.aud !== `${fake.url}/token` || !claims.scope?.includes("cloud-platform"))
    return "Invalid JWT: wrong audience.";
  if (!claims.iat || !claims.exp || claims.iat > now + 60 || claims.exp < now - 60 || claims.exp - claims.iat > 3600)
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
  return null;
}

/** As a hash of the name: the same at every start. */
export const vertexId = (name: string): string =>
  String([...name].reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 1_000_000_007, 7) + 4_000_000_000);

type Version = SceneModel["versions"][number] & { labels?: Record<string, string> };

const modelOf = (m: SceneModel) => ({
  name: `${parent}/models/${vertexId(m.name)}`,
  displayName: m.name,
  description: m.description,
  labels: m.tags,
  createTime: "2026-03-01T08:00:00.123456Z",
  updateTime: "2026-03-02T08:00:00.123456Z",
});

function versionOf(m: SceneModel, v: Version) {
  const created = new Date(v.created).toISOString();
  return {
    ...modelOf(m),
    versionId: v.version,
    versionCreateTime: v.bad ? "yesterday" : created,
    versionUpdateTime: created,
    ...(v.aliases.length > 0 ? { versionAliases: v.aliases } : {}),
    artifactUri: `gs://models/${m.name}/${v.version}`,
    containerSpec: { imageUri: "europe-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.1-7:latest" },
    modelSourceInfo: { sourceType: "CUSTOM" },
    labels: { ...m.tags, ...v.labels },
    etag: "AMEw9yN",
  };
}

function answer(request: FakeRequest, fake: Fake): FakeAnswer {
  const { method, url } = request;
  const { scene } = fake;
  const path = decodeURIComponent(url.pathname.replace(/^\/v1\//, ""));
  const list = <T>(all: readonly T[], name: string): FakeAnswer => {
    const asked = Number(url.searchParams.get("pageSize") ?? 100);
    const { items, next } = pageOf(all, url.searchParams.get("pageToken"), asked, fake);
    // Proto3 leaves out what is empty.
    return {
      status: 200,
      json: { ...(items.length > 0 ? { [name]: items } : {}), ...(next ? { nextPageToken: next } : {}) },
    };
  };
  if (path === `${parent}/models`) return list(scene.models.map(modelOf), "models");
  if (path === `${parent}/endpoints`)
    return list(
      scene.endpoints.map((e, i) => ({
        name: `${parent}/endpoints/${7000 + i}`,
        displayName: e.name,
        updateTime: "2026-03-03T08:00:00Z",
        deployedModels: e.slots.map((s, n) => ({
          id: String(100 + n),
          model: `${parent}/models/${vertexId(s.model)}`,
          modelVersionId: s.version,
          displayName: s.slot,
          createTime: "2026-03-03T08:00:00Z",
        })),
        trafficSplit: Object.fromEntries(
          e.slots.map((s, n) => [String(100 + n), s.percent]).filter(([, p]) => p !== 0),
        ),
      })),
      "endpoints",
    );
  const at = /\/models\/([^@:/]+)(?:@([^:/]+))?(?::(\w+))?$/.exec(path);
  const model = scene.models.find((m) => vertexId(m.name) === at?.[1]);
  if (!at || !model) return error(404, "NOT_FOUND", "The Model does not exist.");
  if (at[3] === "listVersions")
    return list(
      model.versions.map((v) => versionOf(model, v)),
      "models",
    );
  const version: Version | undefined = model.versions.find(
    (v) => v.version === at[2] || v.aliases.includes(at[2] ?? ""),
  );
  if (!version) return error(404, "NOT_FOUND", "The Model version does not exist.");
  const body: { versionAliases?: string[]; labels?: Record<string, string> } = request.body
    ? JSON.parse(request.body)
    : {};
  if (at[3] === "mergeVersionAliases")
    for (const alias of body.versionAliases ?? []) {
      for (const v of alias.startsWith("-") ? [version] : model.versions)
        v.aliases = v.aliases.filter((a) => a !== alias.replace(/^-/, ""));
      if (!alias.startsWith("-")) version.aliases.push(alias);
    }
  if (method === "PATCH") version.labels = body.labels ?? {};
  return { status: 200, json: versionOf(model, version) };
}
