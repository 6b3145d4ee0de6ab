import type { Fake, FakeAnswer, Scene, Vendor } from "./server";
import { startFake } from "./server";

/** A series of the fake: answered when the query names its metric. */
export type FakeSeries = { metric: string; labels: Readonly<Record<string, string>>; value: string };

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, errorType: string, said: string): FakeAnswer => ({
  status,
  json: { status: "error", errorType, error: said },
});

/** Prometheus's HTTP API as its documentation has it, behind a proxy that asks for a token (prometheus.io/docs). */
export function startFakePrometheus(series: readonly FakeSeries[], token = "let-me-in"): Promise<Fake> {
  const vendor: Vendor = {
    authorize: ({ headers }) =>
      headers.authorization === `Bearer ${token}` ? null : error(401, "unauthorized", "no token"),
    answer: ({ url, body }) => {
      if (url.pathname.endsWith("/status/buildinfo"))
        return { status: 200, json: { status: "success", data: { version: "3.1.0" } } };
      if (!url.pathname.endsWith("/query")) return error(404, "not_found", "no such path");
      const query = new URLSearchParams(body).get("query") ?? "";
      const time = Number(new URLSearchParams(body).get("time"));
      if (query.includes("syntax error")) return error(400, "bad_data", 'parse error: unexpected "syntax"');
      const told = query.includes("timestamp(");
      const result =
        query === "vector(1)"
          ? [{ metric: {}, value: [time, "1"] }]
          : series
              .filter((s) => query.includes(s.metric))
              .map((s) => ({ metric: s.labels, value: [time, told ? String(time - 60) : s.value] }));
      return { status: 200, json: { status: "success", data: { resultType: "vector", result }, infos: ["fake"] } };
    },
    expired: () => error(401, "unauthorized", "expired"),
    denied: () => error(403, "forbidden", "no access to this tenant"),
    throttled: error(429, "throttled", "too many requests"),
    failed: error(500, "internal", "query processing failed"),
    nameOf: ({ url, body }) => `${url.pathname} ${new URLSearchParams(body).get("query") ?? ""}`,
  };
  return startFake(empty, vendor);
}
