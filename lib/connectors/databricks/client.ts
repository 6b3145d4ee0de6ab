import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";
import { ifThere, someRecords } from "@/lib/connectors/walk";
import { signer } from "./auth";
import { pace } from "./pace";
import { isDatabricks } from "./sign-in";

/** Requests in a second to a workspace; the SDK's own clients keep to 15. */
const perSecond = 10;
/** Runs of a job and refreshes of a monitor that are read at most, newest first. */
const mostRuns = 1_000;
const mostRefreshes = 100;

const text = z.string().nullish();
const flag = z.looseObject({ enabled: z.boolean().default(false) });
const int = z.union([z.number().int(), z.string().regex(/^\d+$/, "a whole number").transform(Number)]);
/** Milliseconds since 1970. */
const millis = int.pipe(z.number().int().min(0).max(8_640_000_000_000));
const list = z
  .array(z.unknown())
  .nullish()
  .transform((v) => v ?? []);
const pageToken = text.transform((v) => v || null);
const schedule = z.looseObject({ quartz_cron_expression: text, pause_status: text }).nullish();

const endpointsAnswer = z.looseObject({ endpoints: list });
export const endpointName = z.looseObject({ name: z.string().min(1).max(250) });

const guardrails = z.looseObject({ safety: z.boolean().nullish(), pii: z.looseObject({ behavior: text }).nullish() });
const inferenceTable = { catalog_name: text, schema_name: text, table_name_prefix: text };
export const endpointShape = z.looseObject({
  name: z.string().min(1).max(250),
  task: text,
  state: z.looseObject({ ready: z.string() }),
  tags: z.array(z.looseObject({ key: z.string(), value: text })).nullish(),
  config: z
    .looseObject({
      served_entities: z
        .array(z.looseObject({ entity_name: text, entity_version: z.union([z.string(), z.number()]).nullish() }))
        .nullish(),
      auto_capture_config: flag
        .extend({
          ...inferenceTable,
          state: z.looseObject({ payload_table: z.looseObject({ name: text }).nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  ai_gateway: z
    .looseObject({
      inference_table_config: flag.extend(inferenceTable).nullish(),
      guardrails: z.looseObject({ input: guardrails.nullish(), output: guardrails.nullish() }).nullish(),
    })
    .nullish(),
});
export type Endpoint = z.output<typeof endpointShape>;

const tableAnswer = z.looseObject({ table_id: z.string().min(1) });
const monitorAnswer = z.looseObject({
  data_profiling_config: z
    .looseObject({
      status: text,
      schedule,
      inference_log: z.looseObject({ prediction_column: text }).nullish(),
    })
    .nullish(),
});
const classicAnswer = z.looseObject({
  status: z.string(),
  schedule,
  inference_log: z.looseObject({ prediction_col: text }).nullish(),
});
const refreshesPage = z.looseObject({ refreshes: list, next_page_token: pageToken });
export const refreshShape = z.looseObject({
  refresh_id: z.union([z.number(), z.string()]).transform(String),
  state: z.string(),
  end_time_ms: millis.nullish(),
});

/** A monitor of either API: whether it is active, when it is due, and whether it looks at predictions too. */
export type Monitor = { active: boolean; cron: string | null; predictions: boolean; refreshes: unknown[] };

const jobsPage = z.looseObject({ jobs: list, next_page_token: pageToken });
export const jobShape = z.looseObject({
  job_id: int.transform(String),
  settings: z.looseObject({
    name: z.string().min(1).max(400),
    tags: z.record(z.string(), z.string()).nullish(),
    schedule,
    trigger: z
      .looseObject({ pause_status: text, periodic: z.looseObject({ interval: int, unit: z.string() }).nullish() })
      .nullish(),
  }),
});
export type Job = z.output<typeof jobShape>;
const runsPage = z.looseObject({ runs: list, next_page_token: pageToken });
export const runShape = z.looseObject({
  run_id: int.transform(String),
  end_time: millis,
  status: z.looseObject({ termination_details: z.looseObject({ code: z.string() }).nullish() }).nullish(),
  /** Older workspaces say it here alone. */
  state: z.looseObject({ result_state: text }).nullish(),
});

export const grants = {
  endpoints: "CAN VIEW on the serving endpoints",
  monitors: "SELECT on the monitored table, with USE CATALOG and USE SCHEMA",
  jobs: "CAN VIEW on the jobs",
} as const;

export type DatabricksClient = ReturnType<typeof databricksClient>;

/** The part of Databricks' REST API that tells facts. */
export function databricksClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const within = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient("Databricks", target.baseUrl, signer("Databricks", target, within), within);
  const turn = isDatabricks(target.baseUrl) ? pace(perSecond) : async () => undefined;
  const get = async <S extends z.ZodType>(path: string, permission: string, schema: S): Promise<z.output<S>> => {
    await turn();
    return http.json({ method: "GET", path, permission }, schema);
  };
  const at = (name: string) => `/api/2.1/unity-catalog/tables/${encodeURIComponent(name)}`;
  const refreshes = async (path: string): Promise<unknown[]> => {
    const page = (token: string | null) =>
      get(`${path}${token === null ? "" : `?page_token=${encodeURIComponent(token)}`}`, grants.monitors, refreshesPage);
    return (
      await someRecords(
        "Databricks",
        async (token) => {
          const { refreshes: records, next_page_token: next } = await page(token);
          return { records, next };
        },
        mostRefreshes,
      )
    ).records;
  };
  /** The API of 2025, which knows a table by its id. */
  const profiling = async (table: string): Promise<Monitor | null> => {
    const { table_id } = await get(at(table), grants.monitors, tableAnswer);
    const path = `/api/data-quality/v1/monitors/table/${encodeURIComponent(table_id)}`;
    const config = (await ifThere(() => get(path, grants.monitors, monitorAnswer)))?.data_profiling_config;
    if (!config) return null;
    return {
      active: config.status === "DATA_PROFILING_STATUS_ACTIVE",
      cron: cronOf(config.schedule),
      predictions: Boolean(config.inference_log?.prediction_column),
      refreshes: await refreshes(`${path}/refreshes`),
    };
  };
  /** The API before it, which some workspaces have alone. */
  const classic = async (table: string): Promise<Monitor | null> => {
    const path = `${at(table)}/monitor`;
    const config = await ifThere(() => get(path, grants.monitors, classicAnswer));
    if (!config) return null;
    return {
      active: config.status === "MONITOR_STATUS_ACTIVE",
      cron: cronOf(config.schedule),
      predictions: Boolean(config.inference_log?.prediction_col),
      refreshes: await refreshes(`${path}/refreshes`),
    };
  };
  const jobs = "/api/2.2/jobs";
  return {
    /** All endpoints of the workspace at once; a list leaves out most of what one of them says. */
    endpoints: async () => (await get("/api/2.0/serving-endpoints", grants.endpoints, endpointsAnswer)).endpoints,
    endpoint: (name: string) =>
      ifThere(() => get(`/api/2.0/serving-endpoints/${encodeURIComponent(name)}`, grants.endpoints, z.unknown())),
    /** The monitor of a table; null: there is none, or no such table. */
    monitor: async (table: string): Promise<Monitor | null> =>
      (await ifThere(() => profiling(table))) ?? (await classic(table)),
    jobs: (token: string | null, size: number) => {
      const query = new URLSearchParams({ limit: String(Math.min(size, 100)) });
      if (token !== null) query.set("page_token", token);
      return get(`${jobs}/list?${query}`, grants.jobs, jobsPage);
    },
    /** Ended runs of a job since an instant, newest first. */
    runs: async (job: string, since: Date): Promise<unknown[]> =>
      (
        await someRecords(
          "Databricks",
          async (token) => {
            const query = new URLSearchParams({
              job_id: job,
              completed_only: "true",
              start_time_from: String(since.getTime()),
              limit: "24",
            });
            if (token !== null) query.set("page_token", token);
            const { runs, next_page_token: next } = await get(`${jobs}/runs/list?${query}`, grants.jobs, runsPage);
            return { records: runs, next };
          },
          mostRuns,
        )
      ).records,
    skewMs: http.skewMs,
    close: http.close,
  };
}

/** The expression of a schedule that is on. */
const cronOf = (s: z.output<typeof schedule>): string | null =>
  s?.quartz_cron_expression && s.pause_status !== "PAUSED" ? s.quartz_cron_expression : null;

/** How often a job is due, as cron or in hours; null: it is not scheduled, or stopped. */
export function dueOf({ settings: { schedule: s, trigger } }: Job): { cron: string } | { hours: number } | null {
  const cron = cronOf(s);
  if (cron !== null) return { cron };
  if (!trigger?.periodic || trigger.pause_status === "PAUSED") return null;
  const hours = { HOURS: 1, DAYS: 24, WEEKS: 168 }[trigger.periodic.unit];
  return hours === undefined ? null : { hours: hours * trigger.periodic.interval };
}
