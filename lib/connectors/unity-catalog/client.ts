import "server-only";
import { config } from "@/lib/config/config";
import { signer } from "@/lib/connectors/databricks/auth";
import { pace } from "@/lib/connectors/databricks/pace";
import { isDatabricks } from "@/lib/connectors/databricks/sign-in";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type Call, type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";
import { anyRecord, empty, endpointsAnswer, me, modelsPage, versionsPage } from "./shapes";

/** Requests in a second to a Databricks workspace; the SDK's own clients keep to 15. */
const perSecond = 10;

export type UnityCatalogClient = ReturnType<typeof unityCatalogClient>;

/** The part of Unity Catalog's REST API that Countersign uses (docs.databricks.com/api, docs.unitycatalog.io). */
export function unityCatalogClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const within = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient("Unity Catalog", target.baseUrl, signer("Unity Catalog", target, within), within);
  const turn = isDatabricks(target.baseUrl) ? pace(perSecond) : async () => undefined;
  const ask = async <S extends Parameters<typeof http.json>[1]>(call: Call, schema: S) => {
    await turn();
    return http.json(call, schema);
  };
  // The open-source server's interface allows 50 (its api/all.yaml), Databricks 1,000.
  const longestPage = target.settings.flavour === "open_source" ? 50 : 1000;
  const models = "/api/2.1/unity-catalog/models";
  const at = (name: string) => `${models}/${encodeURIComponent(name)}`;
  const readModels = "BROWSE on the catalog, or EXECUTE on the model with USE CATALOG and USE SCHEMA";
  const get = (path: string, permission: string): Call => ({ method: "GET", path, permission });

  return {
    /** A page of models, without aliases. A page may be empty and not be the last. */
    models: (pageToken: string | null, max: number) =>
      ask(
        get(`${models}?${query({ max_results: Math.min(max, longestPage), page_token: pageToken })}`, readModels),
        modelsPage,
      ),

    /** A model with its aliases, which only this call tells; null: it is not there, or not for this account. */
    model: (name: string) => orNull(ask(get(`${at(name)}?include_aliases=true`, readModels), anyRecord)),

    versions: (name: string, pageToken: string | null, max: number) =>
      ask(
        get(
          `${at(name)}/versions?${query({ max_results: Math.min(max, longestPage), page_token: pageToken })}`,
          readModels,
        ),
        versionsPage,
      ),

    /** Serving endpoints of this workspace; Databricks lists them all at once. */
    endpoints: () => ask(get("/api/2.0/serving-endpoints", "CAN VIEW on the serving endpoints"), endpointsAnswer),

    /** Who is asking. */
    me: () => ask(get("/api/2.0/preview/scim/v2/Me", "read its own user"), me),

    setAlias: (name: string, alias: string, version: string) =>
      ask(
        {
          method: "PUT",
          path: `${at(name)}/aliases/${encodeURIComponent(alias)}`,
          body: { version_num: Number(version) },
          repeatable: true,
          permission: "MANAGE on the model, or to own it",
        },
        empty,
      ),

    setVersionTag: (name: string, version: string, key: string, value: string) =>
      ask(
        {
          method: "POST",
          path: "/api/2.0/mlflow/unity-catalog/model-versions/set-tag",
          body: { name, version, key, value },
          repeatable: true,
          permission: "APPLY TAG on the model",
        },
        empty,
      ),
    skewMs: http.skewMs,
    /** For the statements that read system tables. */
    http,
    close: http.close,
  };
}

function query(given: Readonly<Record<string, string | number | null>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(given)) if (value !== null) search.set(key, String(value));
  return search.toString();
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UpstreamFault && error.kind === "not_found") return null;
    throw error;
  }
}
