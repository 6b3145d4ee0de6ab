import "server-only";
import { abreast } from "@/lib/connectors/phases";
import type { BadRecord } from "@/lib/connectors/registry";
import { gone, type SagemakerClient, sagemakerClient } from "@/lib/connectors/sagemaker/client";
import { packageArnOf } from "@/lib/connectors/sagemaker/map";
import { regionOf } from "@/lib/connectors/sagemaker/region";
import {
  type Endpoint,
  endpointSummaryShape,
  executionShape,
  scheduleSummaryShape,
  servedShape,
} from "@/lib/connectors/sagemaker/shapes";
import { badRecord, sift } from "@/lib/connectors/sift";
import type { Source, SubjectPage } from "@/lib/connectors/source";
import { everyRecord, someRecords } from "@/lib/connectors/walk";
import { type CloudWatchClient, cloudWatchClient } from "./cloudwatch";
import { driftFacts, type Schedule } from "./drift";
import { type SagemakerMonitorSettings, sagemakerMonitorSettings } from "./kind";
import { type Measured, metricFacts } from "./metrics";
import { testMonitor } from "./test";

const system = "Amazon SageMaker";
/** Endpoints in a page: each is some requests of its own. */
const most = 20;
/** SageMaker throttles an account that asks for more at once. */
const width = 4;
/** Executions from which the last look and the cadence are told. */
const lately = 10;

/** SageMaker Model Monitor and CloudWatch: drift monitors, requests, errors and latency of endpoints. */
export const sagemakerMonitor: Source = {
  open: (target, _files, limits) => {
    const settings = sagemakerMonitorSettings.parse(target.settings);
    const keys = { accessKeyId: target.username ?? "", secretAccessKey: target.secret ?? "" };
    const client = sagemakerClient({ ...keys, baseUrl: target.baseUrl, region: settings.region }, limits);
    const metrics = cloudWatchClient(
      keys,
      settings.cloudwatch ?? cloudWatchOf(target.baseUrl),
      settings.region,
      limits,
    );
    return {
      test: (now) => testMonitor(client, metrics, now),
      read: ({ token, size, now }) => read(client, metrics, settings, token, Math.min(size, most), now),
      close: () => {
        client.close();
        metrics.close();
      },
    };
  },
};

/** CloudWatch beside a SageMaker of AWS; an address that names no region is taken to serve both. */
export function cloudWatchOf(baseUrl: string): string {
  const region = regionOf(baseUrl);
  if (region === null) return baseUrl;
  const ending = /\.(amazonaws\.com(?:\.cn)?)$/.exec(new URL(baseUrl).hostname)?.[1] ?? "amazonaws.com";
  return `https://monitoring.${region}.${ending}`;
}

async function read(
  client: SagemakerClient,
  metrics: CloudWatchClient,
  settings: SagemakerMonitorSettings,
  token: string | null,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const page = await client.endpoints(token, size);
  const listed = sift("facts", endpointSummaryShape, page.Endpoints, ["EndpointName"]);
  const bad: BadRecord[] = [...listed.bad];
  const names = [...new Set(listed.good.map(({ value }) => value.EndpointName))];
  const found = await abreast(width, names, async (name) => {
    const endpoint = await ifThere(() => client.endpoint(name));
    if (!endpoint) return [];
    const tags = new Map(((await client.tags(endpoint.EndpointArn)).Tags ?? []).map((t) => [t.Key, t.Value.trim()]));
    const declared =
      tags.get(settings.modelTag) || (settings.followPackages ? await servedGroup(client, endpoint) : null);
    const objective = objectiveOf(tags.get(settings.objectiveTag), name, settings.objectiveTag);
    if (objective.bad) bad.push(objective.bad);
    const schedules = await schedulesOf(client, name);
    bad.push(...schedules.bad);
    const measured: Measured = {
      endpoint: name,
      variants: (endpoint.ProductionVariants ?? []).map((v) => v.VariantName),
      objective: objective.share,
    };
    return [{ measured, declared: declared?.slice(0, 250) ?? null, drift: driftFacts(schedules.all) }];
  });
  const endpoints = found.flat();
  const told = await metricFacts(
    metrics,
    endpoints.map((e) => e.measured),
    { quantile: settings.latencyQuantile, days: settings.latencyDays },
    now,
  );
  return {
    subjects: endpoints.map(({ measured, declared, drift }) => ({
      subject: measured.endpoint,
      declared,
      observations: [...drift, ...(told.observations.get(measured.endpoint) ?? [])],
    })),
    bad: [...bad, ...told.bad],
    next: page.NextToken,
    unread: [],
  };
}

/** What `ask` answers, or null when it is not there any more. */
async function ifThere<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (gone(error)) return null;
    throw error;
  }
}

/** The model package group of all that an endpoint serves; null where it serves several, or what is of none. */
async function servedGroup(client: SagemakerClient, { EndpointConfigName }: Endpoint): Promise<string | null> {
  const config = EndpointConfigName ? await ifThere(() => client.endpointConfig(EndpointConfigName)) : null;
  const groups = new Set<string | null>();
  for (const name of new Set((config?.ProductionVariants ?? []).flatMap((v) => v.ModelName ?? []))) {
    const model = await ifThere(() => client.model(name));
    const arn = model && packageArnOf(model);
    const served = arn ? await ifThere(() => client.package(arn, servedShape)) : null;
    groups.add(served?.ModelPackageGroupName ?? null);
  }
  const [group = null] = groups;
  return groups.size === 1 ? group : null;
}

/** The share that a tag promises in percent. */
function objectiveOf(
  said: string | undefined,
  endpoint: string,
  tag: string,
): { share: number | null; bad?: BadRecord } {
  if (said === undefined) return { share: null };
  const percent = /^\d{1,2}(\.\d{1,6})?$/.test(said) ? Number(said) : 0;
  if (percent > 0) return { share: percent / 100 };
  const record = { EndpointName: endpoint, [tag]: said };
  return { share: null, bad: badRecord("facts", endpoint, `${tag}: give a percentage below 100, as in 99.9`, record) };
}

async function schedulesOf(client: SagemakerClient, endpoint: string): Promise<{ all: Schedule[]; bad: BadRecord[] }> {
  const records = await everyRecord(system, async (token) => {
    const page = await client.schedules(endpoint, token);
    return { records: page.MonitoringScheduleSummaries, next: page.NextToken };
  });
  const { good, bad } = sift("facts", scheduleSummaryShape, records, ["MonitoringScheduleName"]);
  const all: Schedule[] = [];
  for (const s of new Map(good.map(({ value }) => [value.MonitoringScheduleName, value])).values()) {
    const name = s.MonitoringScheduleName;
    const schedule = await ifThere(() => client.schedule(name));
    if (!schedule) continue;
    const ran = await someRecords(
      system,
      async (token) => {
        const page = await client.executions(name, token, lately);
        return { records: page.MonitoringExecutionSummaries, next: page.NextToken };
      },
      lately,
    );
    const sifted = sift("facts", executionShape, ran.records, ["MonitoringScheduleName", "ScheduledTime"]);
    bad.push(...sifted.bad);
    const executions = new Map(sifted.good.map(({ value }) => [value.ScheduledTime, value]));
    all.push({
      name,
      type: s.MonitoringType,
      status: s.MonitoringScheduleStatus,
      expression: schedule.MonitoringScheduleConfig.ScheduleConfig?.ScheduleExpression ?? null,
      executions: [...executions.values()].sort((a, b) => Date.parse(b.ScheduledTime) - Date.parse(a.ScheduledTime)),
    });
  }
  return { all, bad };
}
