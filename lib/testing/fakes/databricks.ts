import { randomUUID } from "node:crypto";
import { type Fake, type FakeAnswer, pageOf, type Scene, startFake, type Vendor } from "./server";

/** What the fake workspace holds. Times in ms. */
export type DatabricksScene = {
  endpoints: {
    name: string;
    ready: boolean;
    tags: Record<string, string>;
    /** Full name of a model of Unity Catalog; null: a foundation model of Databricks' own. */
    serves: string | null;
    /** Where requests and answers are kept, as `catalog.schema.prefix`; null: nowhere. */
    inference: string | null;
    bad?: boolean;
  }[];
  monitors: {
    table: string;
    /** Which of the two APIs knows it. */
    api: "profiling" | "classic";
    active: boolean;
    cron: string | null;
    predictions: boolean;
    refreshes: { id: number; ended: number; ok: boolean; bad?: boolean }[];
  }[];
  jobs: { id: number; name: string; tags: Record<string, string>; cron: string | null }[];
  runs: { job: number; id: number; ended: number; result: string; bad?: boolean }[];
};

export const databricksPrincipal = { id: "5f0c4d0e-reader", secret: "dose-of-the-reader" };

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, error_code: string, message: string): FakeAnswer => ({
  status,
  json: { error_code, message },
});
const absent = (what: string) => error(404, "RESOURCE_DOES_NOT_EXIST", `${what} does not exist.`);
const pairs = (tags: Record<string, string>) => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** A Databricks workspace as its documents describe it: OAuth machine to machine, endpoints, both APIs of monitors, jobs. */
export function startFakeDatabricks(scene: DatabricksScene): Promise<Fake> {
  const tokens: string[] = [];
  const isToken = (path: string) => path === "/oidc/v1/token";
  const basic = `Basic ${Buffer.from(`${databricksPrincipal.id}:${databricksPrincipal.secret}`).toString("base64")}`;
  const tableOf = (path: string) => /^\/api\/2\.1\/unity-catalog\/tables\/([^/]+)(.*)$/.exec(path);
  const tables = [
    ...new Set([
      ...scene.monitors.map((m) => m.table),
      ...scene.endpoints.flatMap((e) => (e.inference === null ? [] : [`${e.inference}_payload`])),
    ]),
  ];
  const vendor: Vendor = {
    spared: ({ url }) => isToken(url.pathname),
    authorize: ({ url, headers }) => {
      if (isToken(url.pathname))
        return headers.authorization === basic
          ? null
          : { status: 401, json: { error: "invalid_client", error_description: "Client authentication failed" } };
      return headers.authorization === `Bearer ${tokens.at(-1)}` ? null : error(401, "401", "Credential was not sent.");
    },
    answer: ({ url }, fake) => {
      const path = decodeURIComponent(url.pathname);
      const query = (name: string) => url.searchParams.get(name);
      if (isToken(path)) {
        tokens.push(randomUUID());
        return { status: 200, json: { access_token: tokens.at(-1), token_type: "Bearer", expires_in: 3600 } };
      }
      const list = <T>(name: string, all: readonly T[], asked: number, render: (item: T) => unknown): FakeAnswer => {
        const { items, next } = pageOf(all, query("page_token"), asked, fake);
        return {
          status: 200,
          json: { [name]: items.map(render), ...(next === null ? {} : { next_page_token: next }) },
        };
      };
      if (path === "/api/2.0/serving-endpoints") {
        const all = fake.shuffled ? [...scene.endpoints].reverse().flatMap((e) => [e, e]) : scene.endpoints;
        return { status: 200, json: { endpoints: all.map((e) => (e.bad ? { id: 7 } : { id: e.name, name: e.name })) } };
      }
      const endpoint = /^\/api\/2\.0\/serving-endpoints\/(.+)$/.exec(path)?.[1];
      if (endpoint !== undefined) return endpointAnswer(scene, endpoint);
      const [, table = "", rest = ""] = tableOf(path) ?? [];
      if (table !== "" && !tables.includes(table)) return absent(table);
      if (table !== "" && rest === "")
        return { status: 200, json: { full_name: table, table_id: `id-of-${tables.indexOf(table)}` } };
      const monitor = scene.monitors.find((m) =>
        table === ""
          ? m.api === "profiling" &&
            path.startsWith(`/api/data-quality/v1/monitors/table/id-of-${tables.indexOf(m.table)}`)
          : m.api === "classic" && m.table === table,
      );
      if (monitor && path.endsWith("/refreshes"))
        return list("refreshes", monitor.refreshes, 100, (r) => ({
          refresh_id: r.bad ? null : r.id,
          state: `${monitor.api === "classic" ? "" : "MONITOR_REFRESH_STATE_"}${r.ok ? "SUCCESS" : "FAILED"}`,
          end_time_ms: String(r.ended),
          trigger: "MONITOR_REFRESH_TRIGGER_SCHEDULE",
        }));
      if (monitor) return monitorAnswer(monitor);
      if (path === "/api/2.2/jobs/list")
        return list("jobs", scene.jobs, Number(query("limit")), (j) => ({
          job_id: j.id,
          creator_user_name: "ada@example.com",
          settings: {
            name: j.name,
            tags: j.tags,
            ...(j.cron === null
              ? {}
              : { schedule: { quartz_cron_expression: j.cron, timezone_id: "UTC", pause_status: "UNPAUSED" } }),
          },
        }));
      if (path === "/api/2.2/jobs/runs/list") {
        if (Number(query("limit")) > 24) return error(400, "INVALID_PARAMETER_VALUE", "limit must be less than 25");
        const since = Number(query("start_time_from"));
        const mine = scene.runs.filter((r) => String(r.job) === query("job_id") && r.ended >= since);
        return list(
          "runs",
          mine.toSorted((a, b) => b.ended - a.ended),
          Number(query("limit")),
          (r) => ({
            job_id: r.job,
            run_id: r.id,
            end_time: r.bad ? "yesterday" : r.ended,
            status: { state: "TERMINATED", termination_details: { code: r.result, type: "CLIENT_ERROR" } },
          }),
        );
      }
      return error(404, "ENDPOINT_NOT_FOUND", `No API found for ${path}`);
    },
    expired: () => error(401, "401", "Token is expired."),
    denied: () => error(403, "PERMISSION_DENIED", "User does not have permission."),
    throttled: error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests"),
    failed: error(500, "INTERNAL_ERROR", "Internal error"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}

function endpointAnswer(scene: DatabricksScene, name: string): FakeAnswer {
  const e = scene.endpoints.find((one) => one.name === name);
  if (!e) return absent(`Endpoint ${name}`);
  const [catalog_name, schema_name, table_name_prefix] = e.inference?.split(".") ?? [];
  return {
    status: 200,
    json: {
      name,
      task: e.serves === null ? "llm/v1/chat" : null,
      state: { ready: e.ready ? "READY" : "NOT_READY", config_update: "NOT_UPDATING" },
      tags: pairs(e.tags),
      config: {
        config_version: 3,
        served_entities: [
          e.serves === null
            ? { name: "f", foundation_model: { name: "llama" } }
            : { name: "a", entity_name: e.serves, entity_version: "7", workload_size: "Small" },
        ],
        traffic_config: { routes: [{ served_model_name: "a", traffic_percentage: 100 }] },
      },
      ai_gateway: {
        usage_tracking_config: { enabled: true },
        ...(catalog_name
          ? { inference_table_config: { enabled: true, catalog_name, schema_name, table_name_prefix } }
          : {}),
      },
    },
  };
}

function monitorAnswer(m: DatabricksScene["monitors"][number]): FakeAnswer {
  const schedule =
    m.cron === null ? undefined : { quartz_cron_expression: m.cron, timezone_id: "UTC", pause_status: "UNPAUSED" };
  const config =
    m.api === "classic"
      ? {
          table_name: m.table,
          status: m.active ? "MONITOR_STATUS_ACTIVE" : "MONITOR_STATUS_ERROR",
          schedule,
          inference_log: m.predictions
            ? { model_id_col: "v", prediction_col: "score", granularities: ["1 day"] }
            : null,
        }
      : {
          object_type: "table",
          data_profiling_config: {
            monitored_table_name: m.table,
            status: m.active ? "DATA_PROFILING_STATUS_ACTIVE" : "DATA_PROFILING_STATUS_ERROR",
            schedule,
            inference_log: m.predictions ? { model_id_column: "v", prediction_column: "score" } : null,
          },
        };
  return { status: 200, json: config };
}
