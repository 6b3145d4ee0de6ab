import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { bearer } from "@/lib/connectors/bearer";
import { type Authorize, type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";
import { ifThere } from "@/lib/connectors/walk";

const text = z.string().nullish();
const total = z.number().int().min(0);
/** Airflow writes instants with an offset, to the microsecond. */
const instant = z.iso.datetime({ offset: true });

const dagsPage = z.looseObject({ dags: z.array(z.unknown()), total_entries: total });
const runsPage = z.looseObject({ dag_runs: z.array(z.unknown()), total_entries: total });
const errorsPage = z.looseObject({ import_errors: z.array(z.unknown()), total_entries: total });
const tokenAnswer = z.looseObject({ access_token: z.string().min(1) });

export const dagShape = z.looseObject({
  dag_id: z.string().min(1).max(250),
  is_paused: z.boolean().nullish(),
  has_import_errors: z.boolean().nullish(),
  tags: z.array(z.looseObject({ name: z.string() })).nullish(),
  /** Airflow 3: cron, a preset or a time delta, in words where it is neither. */
  timetable_summary: text,
  /** Airflow 2. */
  schedule_interval: z
    .looseObject({ value: text, days: z.number().nullish(), seconds: z.number().nullish() })
    .nullish(),
});
export type Dag = z.output<typeof dagShape>;

export const runShape = z.looseObject({
  dag_run_id: z.string().min(1).max(500),
  state: z.string(),
  run_type: z.string().default("scheduled"),
  end_date: instant.nullish(),
});

/** A page that Airflow gives at most (`maximum_page_limit`), and runs of a DAG that are read at most, newest first. */
const longestPage = 100;
const mostRuns = 1_000;
/** A token of Airflow's is good for a day unless somebody changed it; it is asked for again each hour. */
const tokenMs = 3_600_000;

export const grants = { dags: "DAGs: read", runs: "DAG Runs: read", errors: "Import Errors: read" };

export type AirflowClient = ReturnType<typeof airflowClient>;

/** The part of Airflow's REST API that tells facts: version 2 of Airflow 3, version 1 of Airflow 2. */
export function airflowClient(target: Target, version: "3" | "2", limits: Partial<HttpLimits> = {}) {
  const within = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient("Airflow", target.baseUrl, headersOf(target, version, within), within);
  const api = version === "3" ? "/api/v2" : "/api/v1";
  const get = <S extends z.ZodType>(path: string, permission: string, schema: S) =>
    http.json({ method: "GET", path: `${api}${path}`, permission }, schema);
  const live = version === "3" ? "exclude_stale" : "only_active";
  const runs = (dag: string, query: Readonly<Record<string, string>>) => {
    const search = new URLSearchParams({ order_by: "-end_date", limit: String(longestPage), ...query });
    return ifThere(() => get(`/dags/${encodeURIComponent(dag)}/dagRuns?${search}`, grants.runs, runsPage));
  };
  return {
    dags: async (offset: number, limit: number) => {
      const query = new URLSearchParams({
        [live]: "true",
        order_by: "dag_id",
        limit: String(Math.min(limit, longestPage)),
        offset: String(offset),
      });
      const { dags: records, total_entries } = await get(`/dags?${query}`, grants.dags, dagsPage);
      return { records, more: records.length > 0 && offset + records.length < total_entries };
    },
    /** Runs that ended since, newest first. */
    runs: async (dag: string, since: Date): Promise<unknown[]> => {
      const all: unknown[] = [];
      while (all.length < mostRuns) {
        const page = await runs(dag, { end_date_gte: since.toISOString(), offset: String(all.length) });
        // A DAG may be taken away while it is read.
        if (page === null) return all;
        all.push(...page.dag_runs);
        if (page.dag_runs.length === 0 || all.length >= page.total_entries) break;
      }
      return all;
    },
    /** The newest runs that succeeded, however long ago. */
    successes: async (dag: string): Promise<unknown[]> => (await runs(dag, { state: "success" }))?.dag_runs ?? [],
    importErrors: async () => (await get("/importErrors?limit=1", grants.errors, errorsPage)).total_entries,
    skewMs: http.skewMs,
    close: http.close,
  };
}

/** Airflow 3 gives a token for user and password; Airflow 2 takes them as they are, where its basic_auth backend is on. */
function headersOf(
  target: Target,
  version: "3" | "2",
  limits: Partial<HttpLimits>,
): Readonly<Record<string, string>> | Authorize {
  const { auth, username, secret } = target;
  if (auth === "bearer") return { authorization: `Bearer ${secret ?? ""}` };
  if (version === "2")
    return { authorization: `Basic ${Buffer.from(`${username ?? ""}:${secret ?? ""}`).toString("base64")}` };
  return bearer(async () => {
    const http = httpClient("Airflow's token endpoint", target.baseUrl, {}, limits);
    try {
      const { access_token } = await http.json(
        {
          method: "POST",
          path: "/auth/token",
          body: { username: username ?? "", password: secret ?? "" },
          repeatable: true,
        },
        tokenAnswer,
      );
      return { token: access_token, lifeMs: tokenMs };
    } finally {
      http.close();
    }
  });
}
