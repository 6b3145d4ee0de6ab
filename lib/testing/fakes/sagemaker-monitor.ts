import { actionOf, arn, awsVendor, type Input, inputOf, sagemakerAnswer } from "./sagemaker";
import { type Fake, type FakeAnswer, pageOf, type Scene, startFake } from "./server";

/** What Model Monitor and CloudWatch know of the endpoints of a scene. Times in ms. */
export type MonitorScene = Scene & {
  /** Tags by endpoint. */
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  schedules: { name: string; endpoint: string; type: string; status: string; expression: string }[];
  executions: { schedule: string; at: number; status: string; why?: string; bad?: boolean }[];
  metrics: { endpoint: string; variant: string; metric: string; stat: string; at: number; value: number }[];
};

const seconds = (ms: number): number => ms / 1000;
const record = (value: unknown): Input =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Model Monitor's part of SageMaker (botocore, 2017-07-24) and CloudWatch's GetMetricData (JSON 1.0), at one address. */
export function startFakeMonitor(scene: MonitorScene): Promise<Fake> {
  const answer = (action: string, input: Input, fake: Fake): FakeAnswer => {
    const list = <T>(name: string, all: readonly T[]): FakeAnswer => {
      const { items, next } = pageOf(all, text(input.NextToken), Number(input.MaxResults ?? 10), fake);
      return { status: 200, json: { [name]: items, ...(next ? { NextToken: next } : {}) } };
    };
    switch (action) {
      case "ListTags": {
        const name = Object.keys(scene.tags).find((n) => arn(`endpoint/${n}`) === input.ResourceArn);
        const tags = Object.entries((name && scene.tags[name]) || {});
        return { status: 200, json: { Tags: tags.map(([Key, Value]) => ({ Key, Value })) } };
      }
      case "ListMonitoringSchedules":
        return list(
          "MonitoringScheduleSummaries",
          scene.schedules
            .filter((s) => s.endpoint === input.EndpointName)
            .map((s) => ({
              MonitoringScheduleName: s.name,
              MonitoringScheduleArn: arn(`monitoring-schedule/${s.name}`),
              CreationTime: 1_700_000_000.5,
              LastModifiedTime: 1_700_000_000.5,
              MonitoringScheduleStatus: s.status,
              EndpointName: s.endpoint,
              MonitoringType: s.type,
            })),
        );
      case "DescribeMonitoringSchedule": {
        const s = scene.schedules.find((x) => x.name === input.MonitoringScheduleName);
        if (!s) return { status: 400, json: { __type: "ValidationException", message: "Could not find schedule" } };
        const json = {
          MonitoringScheduleName: s.name,
          MonitoringScheduleStatus: s.status,
          MonitoringType: s.type,
          MonitoringScheduleConfig: {
            ScheduleConfig: { ScheduleExpression: s.expression },
            MonitoringJobDefinitionName: `${s.name}-job`,
            MonitoringType: s.type,
          },
        };
        return { status: 200, json };
      }
      case "ListMonitoringExecutions":
        return list(
          "MonitoringExecutionSummaries",
          scene.executions
            .filter((e) => e.schedule === input.MonitoringScheduleName)
            .sort((a, b) => b.at - a.at)
            .map((e) => ({
              MonitoringScheduleName: e.schedule,
              ScheduledTime: e.bad ? `day ${e.at}` : seconds(e.at),
              CreationTime: seconds(e.at),
              LastModifiedTime: seconds(e.at + 600_000),
              MonitoringExecutionStatus: e.status,
              ...(e.why ? { FailureReason: e.why } : {}),
            })),
        );
      case "GetMetricData": {
        const { items, next } = pageOf(metricsOf(input, scene), text(input.NextToken), 500, fake);
        return { status: 200, json: { MetricDataResults: items, Messages: [], ...(next ? { NextToken: next } : {}) } };
      }
      default:
        return sagemakerAnswer(action, input, fake);
    }
  };
  return startFake(
    scene,
    awsVendor((request, fake) => answer(actionOf(request), inputOf(request), fake)),
  );
}

/** Periods begin at the start that was asked for; those without a sample have no point. */
function metricsOf(input: Input, scene: MonitorScene): unknown[] {
  const queries: unknown[] = Array.isArray(input.MetricDataQueries) ? input.MetricDataQueries : [];
  const [start, end] = [Number(input.StartTime), Number(input.EndTime)];
  return queries.map((query) => {
    const { Id, MetricStat } = record(query);
    const { Metric, Period, Stat } = record(MetricStat);
    const { MetricName, Dimensions } = record(Metric);
    const [endpoint, variant] = (Array.isArray(Dimensions) ? Dimensions : []).map((d) => record(d).Value);
    const periods = new Map<number, number>();
    for (const m of scene.metrics) {
      if (m.endpoint !== endpoint || m.variant !== variant || m.metric !== MetricName || m.stat !== Stat) continue;
      if (seconds(m.at) < start || seconds(m.at) >= end) continue;
      const at = start + Math.floor((seconds(m.at) - start) / Number(Period)) * Number(Period);
      periods.set(at, Stat === "Sum" ? (periods.get(at) ?? 0) + m.value : m.value);
    }
    return {
      Id,
      Label: `${String(MetricName)} ${String(Stat)}`,
      Timestamps: [...periods.keys()],
      Values: [...periods.values()],
      StatusCode: "Complete",
    };
  });
}
