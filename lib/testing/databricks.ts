import { randomUUID } from "node:crypto";
import http from "node:http";
import type { Warehouse } from "./warehouse";

/**
 * A Databricks workspace as its documents describe it (OAuth machine to machine, Unity Catalog's models, serving endpoints, runs, SQL
 * statements), with the quirks that readers trip over: aliases only on a single GET, integer versions, empty pages with a token.
 */
export type FakeDatabricks = {
  url: string;
  clientId: string;
  clientSecret: string;
  models: FakeModel[];
  endpoints: Record<string, unknown>[];
  tags: { name: string; version: string; key: string; value: string }[];
  /** Tokens issued so far; the last is good. */
  tokens: string[];
  /** The open-source server: models and versions, nothing else. */
  openSource: boolean;
  /** Runs SQL on a real database; null: no warehouse. */
  sql: Warehouse | null;
  stop: () => Promise<void>;
};

export type FakeModel = {
  id?: string;
  catalog_name: string;
  schema_name: string;
  name: string;
  comment: string;
  owner: string;
  created_at: number;
  updated_at: number;
  aliases: { alias_name: string; version_num: number }[];
  versions: {
    version: number;
    status: string;
    run_id: string;
    source: string;
    created_at: number;
    updated_at: number;
    tables: string[];
  }[];
};

const start = Date.parse("2026-10-01T08:00:00Z");

/** Models `main.ml.model-000…`, each with so many versions; every third carries the alias champion and is served. */
export function fakeModels(count: number, versionsEach: number): FakeModel[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `model-${String(i).padStart(3, "0")}`;
    const versions = Array.from({ length: versionsEach }, (_, v) => ({
      version: v + 1,
      status: "READY",
      run_id: `${i.toString(16).padStart(4, "0")}${(v + 1).toString(16).padStart(28, "0")}`,
      source: `dbfs:/models/${name}/${v + 1}`,
      created_at: start + i * 60_000 + v * 1000,
      updated_at: start + i * 60_000 + v * 1000 + 500,
      tables: [`main.features.${name.replace("-", "_")}`],
    }));
    return {
      catalog_name: "main",
      schema_name: "ml",
      name,
      comment: `Purpose of ${name}.`,
      owner: "ml-team",
      created_at: start + i * 60_000,
      updated_at: versions.at(-1)?.updated_at ?? start,
      aliases: i % 3 === 0 ? [{ alias_name: "champion", version_num: versionsEach }] : [],
      versions,
    };
  });
}

const fullName = (m: FakeModel): string => `${m.catalog_name}.${m.schema_name}.${m.name}`;

export async function fakeDatabricks(models: FakeModel[], sql: Warehouse | null = null): Promise<FakeDatabricks> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", async () => {
      const url = new URL(request.url ?? "/", "http://fake");
      const text = Buffer.concat(parts).toString("utf8");
      const [status, body] = await answer(fake, request, url, text).catch(
        (error: unknown): Answer => [500, { error_code: "INTERNAL_ERROR", message: String(error) }],
      );
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  const fake: FakeDatabricks = {
    url: `http://127.0.0.1:${address.port}`,
    clientId: "5f0c4d0e-service-principal",
    clientSecret: "dose-secret-of-the-service-principal",
    models,
    endpoints: models
      .filter((m) => m.aliases.length > 0)
      .map((m) => ({
        id: randomUUID(),
        name: `serve-${m.name}`,
        last_updated_timestamp: m.updated_at,
        state: { ready: "READY", config_update: "NOT_UPDATING" },
        config: {
          config_version: 1,
          served_entities: [
            {
              name: `${m.name}-a`,
              entity_name: fullName(m),
              entity_version: String(m.aliases[0]?.version_num),
              workload_size: "Small",
            },
          ],
          traffic_config: { routes: [{ served_model_name: `${m.name}-a`, traffic_percentage: 100 }] },
        },
      })),
    tags: [],
    tokens: [],
    openSource: false,
    sql,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

type Answer = [status: number, body: unknown];
const missing = (what: string): Answer => [
  404,
  { error_code: "RESOURCE_DOES_NOT_EXIST", message: `${what} does not exist.` },
];

async function answer(fake: FakeDatabricks, request: http.IncomingMessage, url: URL, text: string): Promise<Answer> {
  const path = decodeURIComponent(url.pathname);
  if (path === "/oidc/v1/token") return issue(fake, request, text);
  const bearer = request.headers.authorization?.replace(/^Bearer /, "");
  if (bearer !== fake.tokens.at(-1))
    return [401, { error_code: "401", message: "Credential was not sent or was of an unsupported type." }];
  const route = `${request.method} ${path}`;
  const query = (name: string) => url.searchParams.get(name);
  if (route === "GET /api/2.1/unity-catalog/models") return listModels(fake, query);
  if (fake.openSource && !path.startsWith("/api/2.1/unity-catalog/models/")) return missing(route);
  if (route === "GET /api/2.0/serving-endpoints") return [200, { endpoints: fake.endpoints }];
  if (route === "GET /api/2.0/preview/scim/v2/Me")
    return [200, { userName: fake.clientId, displayName: "countersign-reader" }];
  if (route === "POST /api/2.0/mlflow/unity-catalog/model-versions/set-tag") {
    fake.tags.push(JSON.parse(text));
    return [200, {}];
  }
  if (route === "POST /api/2.0/mlflow/experiments/search")
    return [200, { experiments: [{ experiment_id: "1", name: "/ml" }] }];
  if (route === "POST /api/2.0/mlflow/runs/search") return [200, { runs: runs(fake, JSON.parse(text).filter) }];
  if (path.startsWith("/api/2.0/sql/statements"))
    return fake.sql ? fake.sql.answer(request.method ?? "", path, text) : missing("warehouse");
  const model = /^\/api\/2\.1\/unity-catalog\/models\/([^/]+)(\/.*)?$/.exec(path);
  return model ? oneModel(fake, model[1] ?? "", model[2] ?? "", request.method ?? "", query, text) : missing(route);
}

function issue(fake: FakeDatabricks, request: http.IncomingMessage, text: string): Answer {
  const expected = `Basic ${Buffer.from(`${fake.clientId}:${fake.clientSecret}`).toString("base64")}`;
  const form = new URLSearchParams(text);
  if (request.headers.authorization !== expected || form.get("grant_type") !== "client_credentials")
    return [401, { error: "invalid_client", error_description: "Client authentication failed" }];
  fake.tokens.push(randomUUID());
  return [200, { access_token: fake.tokens.at(-1), token_type: "Bearer", expires_in: 3600, scope: "all-apis" }];
}

const listed = ({ versions: _, aliases: __, ...m }: FakeModel) => ({
  ...m,
  full_name: `${m.catalog_name}.${m.schema_name}.${m.name}`,
  metastore_id: "9f2c",
});

const longestPage = (fake: FakeDatabricks): number => (fake.openSource ? 50 : 1000);

function page<T>(
  all: readonly T[],
  query: (name: string) => string | null,
  cap: number,
): { items: T[]; next: string | undefined } {
  const from = Number(Buffer.from(query("page_token") ?? "", "base64url").toString() || 0);
  const size = Math.min(Number(query("max_results") ?? 100), cap);
  const next = from + size < all.length ? Buffer.from(String(from + size)).toString("base64url") : undefined;
  return { items: all.slice(from, from + size), next };
}

function listModels(fake: FakeDatabricks, query: (name: string) => string | null): Answer {
  const { items, next } = page(fake.models, query, longestPage(fake));
  return [200, { registered_models: items.map(listed), next_page_token: next }];
}

function oneModel(
  fake: FakeDatabricks,
  name: string,
  rest: string,
  method: string,
  query: (name: string) => string | null,
  text: string,
): Answer {
  const model = fake.models.find((m) => fullName(m) === name);
  if (!model) return missing(name);
  if (method === "GET" && rest === "")
    return [
      200,
      {
        ...listed(model),
        ...(query("include_aliases") === "true" && !fake.openSource ? { aliases: model.aliases } : {}),
      },
    ];
  if (method === "GET" && rest === "/versions") {
    const { items, next } = page(model.versions, query, longestPage(fake));
    return [
      200,
      {
        model_versions: items.map(({ tables, ...v }) => ({
          ...v,
          model_name: model.name,
          catalog_name: model.catalog_name,
          schema_name: model.schema_name,
          model_version_dependencies: { dependencies: tables.map((t) => ({ table: { table_full_name: t } })) },
        })),
        next_page_token: next,
      },
    ];
  }
  const alias = /^\/aliases\/([^/]+)$/.exec(rest)?.[1];
  if (method === "PUT" && alias) {
    const { version_num } = JSON.parse(text);
    if (!model.versions.some((v) => v.version === version_num)) return missing(`version ${version_num}`);
    model.aliases = [...model.aliases.filter((a) => a.alias_name !== alias), { alias_name: alias, version_num }];
    return [200, { alias_name: alias, version_num }];
  }
  return missing(`${method} ${rest}`);
}

function runs(fake: FakeDatabricks, filter: string) {
  return fake.models.flatMap((m) =>
    m.versions
      .filter((v) => filter.includes(`'${v.run_id}'`))
      .map((v) => ({
        info: {
          run_id: v.run_id,
          run_name: `train ${m.name}`,
          experiment_id: "1",
          user_id: "ci",
          status: "FINISHED",
          start_time: v.created_at - 9000,
          end_time: v.created_at,
        },
        data: {
          metrics: [{ key: "auc", value: 0.9, timestamp: v.created_at, step: 0 }],
          tags: [{ key: "mlflow.source.git.commit", value: "5d0be1f0a1b2c3d4e5f60718293a4b5c6d7e8f90" }],
        },
      })),
  );
}
