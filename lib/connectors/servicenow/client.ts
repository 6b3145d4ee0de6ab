import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { basic } from "@/lib/connectors/basic";
import { bearer, tokenAnswer } from "@/lib/connectors/bearer";
import { type Authorize, type HttpLimits, httpClient } from "@/lib/connectors/http";
import { linkedLists } from "@/lib/connectors/linked";
import type { Target } from "@/lib/connectors/registry";
import type { ServiceNowSettings } from "./kind";

const system = "ServiceNow";
const id = z.string().min(1).max(100);
/** Raw values are in UTC and say so nowhere; an empty one is an empty string. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, "A time as in 2026-11-20 09:00:00.")
  .transform((v) => `${v.replace(" ", "T")}Z`)
  .pipe(z.iso.datetime());
const optional = z
  .union([z.literal(""), z.null(), time])
  .optional()
  .transform((v) => v || null);

export const serviceShape = z.looseObject({ sys_id: id, name: z.string().min(1).max(500) });
export const incidentShape = z.looseObject({
  sys_id: id,
  opened_at: time,
  resolved_at: optional,
  closed_at: optional,
  /** 8 is cancelled. */
  state: z.coerce.string(),
  priority: z.coerce.number().int(),
  business_service: z.string().nullish(),
  cmdb_ci: z.string().nullish(),
});
export const rosterShape = z.looseObject({ sys_id: id, rota: id, order: z.coerce.number().int() });
/** One stretch of the on-call calendar; only those of rosters and their overrides put somebody on call. */
export const spanShape = z.looseObject({
  start: time,
  end: time,
  type: z.string().nullish(),
  user_id: z.string().nullish(),
  roster_id: z.string().nullish(),
});

const list = z.looseObject({ result: z.array(z.unknown()) }).transform((page) => page.result);
const readOf = (table: string) => `read access to ${table}`;
export const calendarAccess = "read access to the on-call calendar";

export type ServiceNowClient = ReturnType<typeof serviceNowClient>;

/** The part of ServiceNow's REST API that Countersign uses: raw values, ordered, followed by the Link header. */
export function serviceNowClient(target: Target, settings: ServiceNowSettings, limits: Partial<HttpLimits> = {}) {
  const cap = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient(system, target.baseUrl, signIn(target, cap), cap);
  const { page, every } = linkedLists(system, http, target.baseUrl, list);
  const table = (name: string, query: string, fields: readonly string[], size: number) =>
    `/api/now/table/${name}?${new URLSearchParams({
      sysparm_query: query,
      sysparm_fields: fields.join(","),
      sysparm_limit: String(size),
      sysparm_display_value: "false",
      sysparm_exclude_reference_link: "true",
    })}`;
  const { table: services, modelField, groupField } = settings;
  return {
    /** A page of services; `path` is the next page's. 7 is retired. */
    services: (path: string | null, size: number) =>
      page(
        path ??
          table(
            services,
            "operational_status!=7^ORoperational_statusISEMPTY^ORDERBYsys_id",
            ["sys_id", "name", "comments", groupField, ...(modelField ? [modelField] : [])],
            size,
          ),
        readOf(services),
      ),
    /** Incidents of these services that were opened since; a day earlier, for the filter is in the account's own time zone. */
    incidents: (ids: readonly string[], since: Date) =>
      every(
        table(
          "incident",
          `opened_at>=${stamp(new Date(since.getTime() - 86_400_000))}^business_serviceIN${ids.join(",")}^ORcmdb_ciIN${ids.join(",")}^ORDERBYsys_id`,
          Object.keys(incidentShape.shape),
          1000,
        ),
        readOf("incident"),
      ),
    rosters: (rotas: readonly string[]) =>
      every(
        table(
          "cmn_rota_roster",
          `active=true^rota.groupIN${rotas.join(",")}^ORDERBYsys_id`,
          Object.keys(rosterShape.shape),
          1000,
        ),
        readOf("cmn_rota_roster"),
      ),
    /** The on-call calendar of a group, in UTC. */
    spans: (group: string, from: Date, to: Date) =>
      every(
        `/api/now/on_call_rota/spans?${new URLSearchParams({ group_ids: group, from: dayOf(from), to: dayOf(to), target_tz: "UTC" })}`,
        calendarAccess,
      ),
    skewMs: http.skewMs,
    close: http.close,
  };
}

const stamp = (at: Date): string => at.toISOString().slice(0, 19).replace("T", " ");
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

function signIn(target: Target, limits: Partial<HttpLimits>): Readonly<Record<string, string>> | Authorize {
  const { username, secret } = target;
  if (target.auth !== "oauth") return { authorization: basic(username, secret) };
  return bearer(async () => {
    const http = httpClient(`${system}'s token endpoint`, target.baseUrl, {}, limits);
    try {
      const { access_token, expires_in } = await http.json(
        {
          method: "POST",
          path: "/oauth_token.do",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: username ?? "",
            client_secret: secret ?? "",
          }),
          repeatable: true,
        },
        tokenAnswer,
      );
      return { token: access_token, lifeMs: expires_in * 1000 };
    } finally {
      http.close();
    }
  });
}
