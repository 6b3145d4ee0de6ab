import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { basic } from "@/lib/connectors/basic";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";

/** A sample as the HTTP API gives it: seconds since 1970, and the value as text ("NaN", "+Inf"). */
const sample = z.tuple([z.number(), z.string().max(64)]);
const vectorAnswer = z.looseObject({
  status: z.literal("success"),
  data: z.looseObject({
    resultType: z.literal("vector"),
    result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()), value: sample })).max(100_000),
  }),
});
const buildAnswer = z.looseObject({ data: z.looseObject({ version: z.string().max(100) }) });

export type Labels = Readonly<Record<string, string>>;
/** One series of an instant query. `value` is NaN where Prometheus says so. */
export type Sample = { labels: Labels; value: number; text: string };

export type PrometheusClient = ReturnType<typeof prometheusClient>;

/** The part of Prometheus's HTTP API that Countersign uses (prometheus.io/docs/prometheus/latest/querying/api). */
export function prometheusClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const tenant = target.settings.tenant;
  const headers: Record<string, string> = typeof tenant === "string" ? { "x-scope-orgid": tenant } : {};
  if (target.auth === "basic") headers.authorization = basic(target.username, target.secret);
  if (target.auth === "bearer") headers.authorization = `Bearer ${target.secret ?? ""}`;
  const http = httpClient("Prometheus", target.baseUrl, headers, {
    timeoutMs: config().connectorTimeoutMs,
    ...limits,
  });
  return {
    version: async () =>
      (await http.json({ method: "GET", path: "/api/v1/status/buildinfo" }, buildAnswer)).data.version,
    /** An instant query as of `at`. Sent as a form, because queries outgrow addresses. */
    query: async (query: string, at: Date): Promise<Sample[]> => {
      const answer = await http.json(
        {
          method: "POST",
          path: "/api/v1/query",
          body: new URLSearchParams({ query, time: String(at.getTime() / 1000) }),
          permission: "read access to /api/v1/query",
          repeatable: true,
        },
        vectorAnswer,
      );
      return answer.data.result.map(({ metric, value }) => ({
        labels: metric,
        value: numberOf(value[1]),
        text: value[1],
      }));
    },
    skewMs: http.skewMs,
    close: http.close,
  };
}

const numberOf = (text: string): number =>
  text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
