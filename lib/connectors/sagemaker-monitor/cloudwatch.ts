import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { BadRecord } from "@/lib/connectors/registry";
import { badRecord } from "@/lib/connectors/sift";
import { type AwsKeys, sigV4 } from "@/lib/connectors/sigv4";

/** One metric of one variant of an endpoint, by a statistic over periods of `periodS` seconds. */
export type MetricQuery = { metric: string; endpoint: string; variant: string; stat: string; periodS: number };

/** A value and the time at which its period began, ms since 1970. */
export type Point = { at: number; value: number };

/** JSON 1.0 counts instants in seconds since 1970. */
const result = z.looseObject({
  Id: z.string(),
  Timestamps: z.array(z.number()),
  // Null: a statistic that the metric does not have.
  Values: z.array(z.number().nullable()),
  StatusCode: z.string().nullish(),
});
const page = z.looseObject({
  MetricDataResults: z.array(result),
  NextToken: z
    .string()
    .nullish()
    .transform((v) => v || null),
});

/** Queries in a call (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html). */
const most = 500;
const action = "GetMetricData";
const permission = `cloudwatch:${action}`;

export type CloudWatchClient = ReturnType<typeof cloudWatchClient>;

/** The part of CloudWatch's API that Countersign uses, in its JSON 1.0 protocol. */
export function cloudWatchClient(keys: AwsKeys, baseUrl: string, region: string, limits: Partial<HttpLimits> = {}) {
  const cap = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient(
    "Amazon CloudWatch",
    baseUrl,
    sigV4(keys, "monitoring", region, () => http),
    cap,
  );
  const ask = (body: Readonly<Record<string, unknown>>) =>
    http.json(
      {
        method: "POST",
        path: "/",
        body,
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `GraniteServiceVersion20100801.${action}`,
        },
        what: action,
        permission,
        repeatable: true,
      },
      page,
    );
  return {
    /** The points of each query, in the order of the queries; what cannot be understood is told beside them. */
    data: async (
      queries: readonly MetricQuery[],
      from: Date,
      to: Date,
    ): Promise<{ points: Point[][]; bad: BadRecord[] }> => {
      const points = queries.map((): Point[] => []);
      const bad: BadRecord[] = [];
      for (let at = 0; at < queries.length; at += most) {
        const part = queries.slice(at, at + most);
        let token: string | null = null;
        do {
          const answer: z.output<typeof page> = await ask({
            MetricDataQueries: part.map((q, i) => queryOf(q, at + i)),
            StartTime: from.getTime() / 1000,
            EndTime: to.getTime() / 1000,
            ScanBy: "TimestampAscending",
            ...(token ? { NextToken: token } : {}),
          });
          for (const r of answer.MetricDataResults) take(queries, points, bad, r);
          if (answer.NextToken !== null && answer.NextToken === token)
            throw new UpstreamFault("shape", "Amazon CloudWatch repeats a page token, so its list has no end.");
          token = answer.NextToken;
        } while (token !== null);
      }
      return { points, bad };
    },
    close: http.close,
  };
}

const queryOf = ({ metric, endpoint, variant, stat, periodS }: MetricQuery, index: number) => ({
  Id: `q${index}`,
  MetricStat: {
    Metric: {
      Namespace: "AWS/SageMaker",
      MetricName: metric,
      Dimensions: [
        { Name: "EndpointName", Value: endpoint },
        { Name: "VariantName", Value: variant },
      ],
    },
    Period: periodS,
    Stat: stat,
  },
});

function take(queries: readonly MetricQuery[], points: Point[][], bad: BadRecord[], r: z.output<typeof result>): void {
  const index = Number(/^q(\d+)$/.exec(r.Id)?.[1] ?? Number.NaN);
  const query = queries[index];
  const into = points[index];
  if (!query || !into) return;
  if (r.StatusCode === "Forbidden")
    throw new UpstreamFault(
      "forbidden",
      `Amazon CloudWatch denies ${query.metric}. Give this account the permission ${permission}.`,
      null,
      r.StatusCode,
      undefined,
      permission,
    );
  const key = `${query.endpoint}/${query.variant} ${query.metric}`;
  if (r.StatusCode === "InternalError" || r.Timestamps.length !== r.Values.length) {
    bad.push(
      badRecord(
        "facts",
        key,
        r.StatusCode === "InternalError" ? "CloudWatch failed on it" : "Values: not as many as Timestamps",
        r,
      ),
    );
    return;
  }
  for (const [i, value] of r.Values.entries()) {
    if (value === null) continue;
    if (value < 0) bad.push(badRecord("facts", key, "Values: a count or a time below zero", r));
    else into.push({ at: (r.Timestamps[i] ?? 0) * 1000, value });
  }
}
