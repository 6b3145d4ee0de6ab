import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { bearer, tokenAnswer } from "@/lib/connectors/bearer";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import { list, versionShape } from "./shapes";

/** A workspace or a registry of Azure Machine Learning, and the service principal that reads it. */
export type AzuremlTarget = {
  /** Azure Resource Manager: https://management.azure.com, or that of a sovereign cloud. */
  baseUrl: string;
  tenant: string;
  clientId: string;
  clientSecret: string;
  subscription: string;
  resourceGroup: string;
  kind: "workspaces" | "registries";
  name: string;
};

/**
 * Where tokens for an address are given. It follows from the address, so that a client secret goes only where its address says;
 * what is no cloud of Microsoft's own (Azure Stack, a gateway) gives its tokens itself.
 */
function loginOf(baseUrl: string): string {
  const { hostname, origin } = new URL(baseUrl);
  return logins[hostname] ?? origin;
}
const logins: Readonly<Record<string, string>> = {
  "management.azure.com": "https://login.microsoftonline.com",
  "management.usgovcloudapi.net": "https://login.microsoftonline.us",
  "management.chinacloudapi.cn": "https://login.partner.microsoftonline.cn",
};

const version = "2025-09-01";
const provider = "Microsoft.MachineLearningServices";

export type AzuremlClient = ReturnType<typeof azuremlClient>;

/** The part of Azure Machine Learning's management API that Countersign uses. */
export function azuremlClient(target: AzuremlTarget, limits: Partial<HttpLimits> = {}) {
  const cap = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const login = httpClient("Microsoft Entra", loginOf(target.baseUrl), {}, cap);
  const arm = new URL(target.baseUrl);
  const http = httpClient(
    "Azure Resource Manager",
    target.baseUrl,
    bearer(async () => {
      const answer = await login.json(
        {
          method: "POST",
          path: `/${encodeURIComponent(target.tenant)}/oauth2/v2.0/token`,
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: target.clientId,
            client_secret: target.clientSecret,
            scope: `${arm.origin}/.default`,
          }),
          repeatable: true,
        },
        tokenAnswer,
      );
      return { token: answer.access_token, lifeMs: answer.expires_in * 1000 };
    }),
    cap,
  );
  const place = `/subscriptions/${encodeURIComponent(target.subscription)}/resourceGroups/${encodeURIComponent(target.resourceGroup)}/providers/${provider}/${target.kind}/${encodeURIComponent(target.name)}`;
  /** The action that a call takes, by its name in a workspace; of a registry, one covers everything in it. */
  const grant = (action: string) =>
    target.kind === "workspaces"
      ? `${provider}/workspaces/${action}`
      : `${provider}/registries/assets/${action.endsWith("/write") ? "write" : "read"}`;
  /** A link to a next page is followed as it is, and only to the same server: the token goes along. */
  const local = (link: string): string => {
    const url = new URL(link, arm);
    if (url.origin !== arm.origin)
      throw new UpstreamFault(
        "redirect",
        `Azure Resource Manager names a next page at ${url.origin}, which is not itself.`,
      );
    return `${url.pathname}${url.search}`;
  };
  const get = (path: string, link: string | null, permission: string, query: Record<string, string> = {}) =>
    http.json(
      {
        method: "GET",
        path: link ? local(link) : `${place}/${path}?${new URLSearchParams({ "api-version": version, ...query })}`,
        permission: grant(permission),
      },
      list,
    );
  const versionPath = (model: string, v: string) =>
    `${place}/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(v)}?api-version=${version}`;

  return {
    grant,
    models: (link: string | null) => get("models", link, "models/read", { listViewType: "All" }),
    versions: (model: string, link: string | null) =>
      get(`models/${encodeURIComponent(model)}/versions`, link, "models/versions/read", { listViewType: "All" }),
    endpoints: (link: string | null) => get("onlineEndpoints", link, "onlineEndpoints/read"),
    deployments: (endpoint: string, link: string | null) =>
      get(`onlineEndpoints/${encodeURIComponent(endpoint)}/deployments`, link, "onlineEndpoints/deployments/read"),
    version: (model: string, v: string) =>
      http.json(
        { method: "GET", path: versionPath(model, v), permission: grant("models/versions/read") },
        versionShape,
      ),
    /** Writes the whole of a version's properties, as Azure takes them. */
    putVersion: (model: string, v: string, properties: Readonly<Record<string, unknown>>) =>
      http.json(
        {
          method: "PUT",
          path: versionPath(model, v),
          body: { properties },
          permission: grant("models/versions/write"),
          repeatable: true,
        },
        z.looseObject({}),
      ),
    skewMs: http.skewMs,
    close: () => {
      http.close();
      login.close();
    },
  };
}
