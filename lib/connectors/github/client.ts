import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type Call, type HttpLimits, httpClient } from "@/lib/connectors/http";
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

/** Pages of a list that are read at most: of alerts, and of what is told newest first. */
const most = 500;
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
  const base = new URL(target.baseUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  const org = encodeURIComponent(organization);
  const page = async (path: string, permission: string) => {
    const call: Call = { method: "GET", path, accept: "application/vnd.github+json", permission };
    const answer = await http.bytes(call);
    let records: unknown;
    try {
      records = JSON.parse(answer.body.toString("utf8"));
    } catch (cause) {
      throw new UpstreamFault("json", `GitHub answered ${path.split("?")[0]} with what is no JSON.`, 200, null, cause);
    }
    if (!Array.isArray(records))
      throw new UpstreamFault("shape", `GitHub answered ${path.split("?")[0]} with what is no list.`);
    const list: unknown[] = records;
    return { records: list, next: nextOf(answer.headers.link) };
  };
  /** The path of the next page; one that leads to another server is not followed. */
  const nextOf = (link: string | string[] | undefined): string | null => {
    const match = /<([^>]+)>;\s*rel="next"/.exec(Array.isArray(link) ? link.join(",") : (link ?? ""));
    if (!match) return null;
    const url = new URL(match[1] ?? "", base);
    if (url.origin !== base.origin)
      throw new UpstreamFault("redirect", `GitHub names a next page on ${url.origin}, which is another server.`);
    return `${url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname}${url.search}`;
  };
  const every = async (first: string, permission: string, pages = most): Promise<unknown[]> => {
    const all: unknown[] = [];
    const seen = new Set<string>();
    for (let path: string | null = first; path !== null && seen.size < pages; ) {
      if (seen.has(path))
        throw new UpstreamFault("shape", "GitHub names a page it gave already, so its list has no end.");
      seen.add(path);
      const { records, next } = await page(path, permission);
      all.push(...records);
      path = next;
    }
    return all;
  };
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
