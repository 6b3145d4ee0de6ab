import { type Fake, type FakeAnswer, pageOf, type Scene, startFake, type Vendor } from "./server";

/** What the fake Airflow holds. Times in ms. */
export type AirflowScene = {
  version: "3" | "2";
  dags: { id: string; tags: string[]; schedule: string | null; paused?: boolean; broken?: boolean; bad?: boolean }[];
  runs: { dag: string; id: string; ended: number | null; state: string; type?: string; bad?: boolean }[];
  importErrors: number;
};

export const airflowUser = { name: "countersign", password: "viewer-pass" };

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, detail: string): FakeAnswer => ({ status, json: { detail } });
/** To the microsecond, as Airflow writes it. */
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace("Z", "123Z"));

/** Airflow's REST API, as Airflow 3.3 answered it (versions.test.ts, airflow.live.test.ts) and as Airflow 2's documents have it. */
export function startFakeAirflow(scene: AirflowScene): Promise<Fake> {
  const basic = `Basic ${Buffer.from(`${airflowUser.name}:${airflowUser.password}`).toString("base64")}`;
  const three = scene.version === "3";
  const prefix = three ? "/api/v2" : "/api/v1";
  let token = 0;
  const vendor: Vendor = {
    spared: ({ url }) => url.pathname === "/auth/token",
    authorize: ({ url, headers, body }) => {
      if (three && url.pathname === "/auth/token") {
        const given: unknown = JSON.parse(body);
        const expected = JSON.stringify({ username: airflowUser.name, password: airflowUser.password });
        return JSON.stringify(given) === expected ? null : error(401, "Invalid credentials");
      }
      if (!three) return headers.authorization === basic ? null : error(401, "Unauthorized");
      if (headers.authorization === undefined) return error(401, "Not authenticated");
      // Airflow 3 answers a token that is not good with 403.
      return headers.authorization === `Bearer jwt-${token}` ? null : error(403, "Invalid JWT token");
    },
    answer: ({ url }, fake) => {
      if (three && url.pathname === "/auth/token") return { status: 201, json: { access_token: `jwt-${++token}` } };
      if (!url.pathname.startsWith(prefix)) return error(404, "Not Found");
      const path = decodeURIComponent(url.pathname.slice(prefix.length));
      const query = (name: string) => url.searchParams.get(name);
      const list = <T>(name: string, all: readonly T[], render: (item: T) => unknown): FakeAnswer => {
        const offset = Number(query("offset") ?? 0);
        const { items } = pageOf(all, `at-${offset}`, Math.min(Number(query("limit") ?? 50), 100), fake);
        const total = fake.shuffled ? all.length * 2 : all.length;
        return { status: 200, json: { [name]: items.map(render), total_entries: total } };
      };
      if (path === "/dags")
        return list("dags", scene.dags, (d) => ({
          dag_id: d.bad ? null : d.id,
          is_paused: d.paused ?? false,
          has_import_errors: d.broken ?? false,
          tags: d.tags.map((name) => ({ name })),
          owners: ["airflow"],
          ...(three
            ? { timetable_summary: d.schedule ?? "Never, external triggers only" }
            : { schedule_interval: d.schedule === null ? null : { __type: "CronExpression", value: d.schedule } }),
        }));
      const dag = /^\/dags\/([^/]+)\/dagRuns$/.exec(path)?.[1];
      if (dag !== undefined) {
        const since = Date.parse(query("end_date_gte") ?? "1970-01-01T00:00:00Z");
        const runs = scene.runs.filter(
          (r) =>
            r.dag === dag &&
            (query("end_date_gte") === null || (r.ended !== null && r.ended >= since)) &&
            (query("state") === null || r.state === query("state")),
        );
        return list(
          "dag_runs",
          runs.toSorted((a, b) => (b.ended ?? 0) - (a.ended ?? 0)),
          (r) => ({
            dag_run_id: r.id,
            dag_id: r.dag,
            state: r.state,
            run_type: r.type ?? "scheduled",
            end_date: r.bad ? "yesterday" : iso(r.ended),
            conf: {},
          }),
        );
      }
      if (path === "/importErrors")
        return { status: 200, json: { import_errors: [], total_entries: scene.importErrors } };
      return error(404, "Not Found");
    },
    expired: () => (three ? error(403, "Invalid JWT token") : error(401, "Unauthorized")),
    denied: () => error(403, "Forbidden"),
    throttled: error(429, "Too many requests"),
    failed: error(500, "Internal Server Error"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}
