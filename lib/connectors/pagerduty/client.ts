import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";

const id = z.string().min(1).max(100);
const paged = { more: z.boolean().default(false), offset: z.coerce.number().int().default(0) };
const servicesPage = z.looseObject({ ...paged, services: z.array(z.unknown()) });
const oncallsPage = z.looseObject({ ...paged, oncalls: z.array(z.unknown()) });
const incidentsPage = z.looseObject({ ...paged, incidents: z.array(z.unknown()) });

/** As PagerDuty documents them; nulls where it says so. */
export const serviceShape = z.looseObject({
  id,
  name: z.string().min(1).max(500),
  description: z.string().nullish(),
  status: z.string().max(50).default("active"),
  escalation_policy: z.looseObject({ id }).nullish(),
});
export const oncallShape = z.looseObject({
  escalation_policy: z.looseObject({ id }),
  escalation_level: z.coerce.number().int().min(1),
  /** Null: on call without a schedule, for good. */
  start: z.iso.datetime({ offset: true }).nullable(),
  end: z.iso.datetime({ offset: true }).nullable(),
});
export const incidentShape = z.looseObject({
  id,
  status: z.enum(["triggered", "acknowledged", "resolved"]),
  created_at: z.iso.datetime({ offset: true }),
  resolved_at: z.iso.datetime({ offset: true }).nullish(),
  service: z.looseObject({ id }),
});

/** A list ends here whatever it says: PagerDuty serves no offset beyond 10,000. */
const last = 10_000;
const accept = "application/vnd.pagerduty+json;version=2";

export type PagerDutyClient = ReturnType<typeof pagerDutyClient>;

/** The part of PagerDuty's REST API that Countersign uses. */
export function pagerDutyClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const authorization =
    target.auth === "bearer" ? `Bearer ${target.secret ?? ""}` : `Token token=${target.secret ?? ""}`;
  const http = httpClient(
    "PagerDuty",
    target.baseUrl,
    { authorization },
    { timeoutMs: config().connectorTimeoutMs, ...limits },
  );
  const get = <S extends z.ZodType>(path: string, permission: string, schema: S) =>
    http.json({ method: "GET", path, accept, permission }, schema);
  const every = async (
    path: string,
    query: URLSearchParams,
    permission: string,
    page: (path: string, permission: string) => Promise<{ records: unknown[]; more: boolean }>,
  ): Promise<unknown[]> => {
    const all: unknown[] = [];
    // A page may hold fewer than were asked for and not be the last.
    while (all.length < last) {
      query.set("offset", String(all.length));
      query.set("limit", "100");
      const { records, more } = await page(`${path}?${query}`, permission);
      all.push(...records);
      if (!more || records.length === 0) break;
    }
    return all;
  };
  return {
    services: async (offset: number, limit: number) => {
      const page = await get(
        `/services?${new URLSearchParams({ offset: String(offset), limit: String(Math.min(limit, 100)), sort_by: "name" })}`,
        "services.read",
        servicesPage,
      );
      return { records: page.services, more: page.more };
    },
    oncalls: (policies: readonly string[], since: Date, until: Date) => {
      const query = new URLSearchParams({ since: since.toISOString(), until: until.toISOString() });
      for (const policy of policies) query.append("escalation_policy_ids[]", policy);
      return every("/oncalls", query, "oncalls.read", async (path, permission) => {
        const page = await get(path, permission, oncallsPage);
        return { records: page.oncalls, more: page.more };
      });
    },
    incidents: (services: readonly string[], since: Date, until: Date) => {
      const query = new URLSearchParams({ since: since.toISOString(), until: until.toISOString() });
      for (const service of services) query.append("service_ids[]", service);
      return every("/incidents", query, "incidents.read", async (path, permission) => {
        const page = await get(path, permission, incidentsPage);
        return { records: page.incidents, more: page.more };
      });
    },
    skewMs: http.skewMs,
    close: http.close,
  };
}
