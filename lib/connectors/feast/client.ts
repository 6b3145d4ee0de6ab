import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";
import { everyRecord } from "@/lib/connectors/walk";

const text = z.string().nullish();
/** Empty where the list is: then it is the last page. */
const pagination = z.looseObject({ hasNext: z.boolean().default(false) }).nullish();
const list = z
  .array(z.unknown())
  .nullish()
  .transform((v) => v ?? []);
const servicesPage = z.looseObject({ featureServices: list, pagination });
const viewsPage = z.looseObject({ featureViews: list, pagination });

/** As Feast 0.67 writes its messages: what is empty or false is left out. */
export const serviceShape = z.looseObject({
  spec: z.looseObject({
    name: z.string().min(1).max(250),
    owner: text,
    tags: z.record(z.string(), z.string()).default({}),
    features: z.array(z.looseObject({ featureViewName: z.string(), viewType: text })).default([]),
  }),
});
export const viewShape = z.looseObject({
  type: text,
  spec: z.looseObject({
    name: z.string().min(1).max(250),
    owner: text,
    online: z.boolean().default(false),
    /** Seconds, as in 86400s or 0.5s. */
    ttl: z
      .string()
      .regex(/^\d+(\.\d+)?s$/, "seconds, as in 86400s")
      .nullish()
      .transform((v) => (v ? Number(v.slice(0, -1)) : 0)),
  }),
  meta: z
    .looseObject({
      materializationIntervals: z.array(z.looseObject({ endTime: z.iso.datetime({ offset: true }) })).default([]),
    })
    .nullish(),
});
export type View = z.output<typeof viewShape>;

/** A page that Feast gives at most, and pages of a list that are read at most. */
const longestPage = 100;
const mostPages = 10_000;

export const grants = {
  project: "DESCRIBE on the project",
  services: "DESCRIBE on feature services",
  views: "DESCRIBE on feature views",
};

export type FeastClient = ReturnType<typeof feastClient>;

/** The part of the REST API of Feast's registry server that tells facts. */
export function feastClient(target: Target, project: string, limits: Partial<HttpLimits> = {}) {
  const headers: Record<string, string> =
    target.auth === "bearer" ? { authorization: `Bearer ${target.secret ?? ""}` } : {};
  const http = httpClient("Feast", target.baseUrl, headers, { timeoutMs: config().connectorTimeoutMs, ...limits });
  const get = <S extends z.ZodType>(path: string, permission: string, schema: S) =>
    http.json({ method: "GET", path: `/api/v1${path}`, permission }, schema);
  const pageOf = (page: number, limit: number) =>
    new URLSearchParams({
      project,
      page: String(page),
      limit: String(Math.min(limit, longestPage)),
      sort_by: "name",
      // Else the server answers from what it read some time ago.
      allow_cache: "false",
    });
  const after = (page: number, more: boolean | undefined): string | null => {
    if (!more) return null;
    if (page >= mostPages) throw new UpstreamFault("shape", "Feast names a further page again and again.");
    return String(page + 1);
  };
  return {
    project: () => get(`/projects/${encodeURIComponent(project)}`, grants.project, z.looseObject({})),
    /** A page may be empty and not be the last. */
    services: async (page: number, limit: number) => {
      const answer = await get(`/feature_services?${pageOf(page, limit)}`, grants.services, servicesPage);
      return { records: answer.featureServices, next: after(page, answer.pagination?.hasNext) };
    },
    views: () =>
      everyRecord("Feast", async (token) => {
        const page = Number(token ?? 1);
        const answer = await get(`/feature_views?${pageOf(page, longestPage)}`, grants.views, viewsPage);
        return { records: answer.featureViews, next: after(page, answer.pagination?.hasNext) };
      }),
    skewMs: http.skewMs,
    close: http.close,
  };
}
