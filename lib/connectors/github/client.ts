import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import { linkedLists } from "@/lib/connectors/linked";
import type { Target } from "@/lib/connectors/registry";

const instant = z.iso.datetime({ offset: true });
const repository = z.looseObject({ name: z.string().min(1).max(200) });

export const propertiesShape = z.looseObject({
  repository_name: z.string().min(1).max(200),
  properties: z.array(
    z.looseObject({ property_name: z.string(), value: z.union([z.string(), z.array(z.string()), z.null()]) }),
  ),
});
export const codeAlertShape = z.looseObject({
  number: z.number().int(),
  created_at: instant,
  rule: z.looseObject({ security_severity_level: z.string().nullish() }),
  repository,
});
export const dependabotAlertShape = z.looseObject({
  number: z.number().int(),
  created_at: instant,
  security_advisory: z.looseObject({ severity: z.string() }),
  repository,
});
export const secretAlertShape = z.looseObject({ number: z.number().int(), created_at: instant, repository });
export const deploymentShape = z.looseObject({ id: z.number(), created_at: instant });
export const statusShape = z.looseObject({ state: z.string(), created_at: instant });
export const analysisShape = z.looseObject({ created_at: instant });

/** Pages that are read at most of what is told newest first. */
const few = 10;

export type GithubClient = ReturnType<typeof githubClient>;

/** The part of GitHub's REST API that Countersign uses. Lists are followed by their Link header, which carries the cursor. */
export function githubClient(target: Target, organization: string, limits: Partial<HttpLimits> = {}) {
  const http = httpClient(
    "GitHub",
    target.baseUrl,
    {
      authorization: `Bearer ${target.secret ?? ""}`,
      "x-github-api-version": "2022-11-28",
      "user-agent": "countersign",
    },
    { timeoutMs: config().connectorTimeoutMs, ...limits },
  );
  const { page, every } = linkedLists(
    "GitHub",
    http,
    target.baseUrl,
    z.array(z.unknown()),
    "application/vnd.github+json",
  );
  const org = encodeURIComponent(organization);
  const repo = (name: string) => `/repos/${org}/${encodeURIComponent(name)}`;
  return {
    /** Repositories with their custom properties; `path` is the next page's. */
    properties: (path: string | null, size: number) =>
      page(path ?? `/orgs/${org}/properties/values?per_page=${Math.min(size, 100)}`, "Custom properties: read"),
    codeAlerts: () => every(`/orgs/${org}/code-scanning/alerts?state=open&per_page=100`, "Code scanning alerts: read"),
    dependabotAlerts: () => every(`/orgs/${org}/dependabot/alerts?state=open&per_page=100`, "Dependabot alerts: read"),
    secretAlerts: () =>
      every(`/orgs/${org}/secret-scanning/alerts?state=open&per_page=100`, "Secret scanning alerts: read"),
    deployments: (name: string, environment: string) =>
      every(
        `${repo(name)}/deployments?environment=${encodeURIComponent(environment)}&per_page=100`,
        "Deployments: read",
        few,
      ),
    statuses: (name: string, id: number) =>
      every(`${repo(name)}/deployments/${id}/statuses?per_page=100`, "Deployments: read", few),
    analyses: async (name: string) =>
      (await page(`${repo(name)}/code-scanning/analyses?per_page=1`, "Code scanning alerts: read")).records,
    skewMs: http.skewMs,
    close: http.close,
  };
}
