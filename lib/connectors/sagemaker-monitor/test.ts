import "server-only";
import { countOf, prober } from "@/lib/connectors/probe";
import type { Tested } from "@/lib/connectors/registry";
import type { SagemakerClient } from "@/lib/connectors/sagemaker/client";
import { packageArnOf } from "@/lib/connectors/sagemaker/map";
import { endpointSummaryShape, scheduleSummaryShape, servedShape } from "@/lib/connectors/sagemaker/shapes";
import type { CloudWatchClient } from "./cloudwatch";

const unnamed = "no-endpoint-yet";

/** Tries each call that a sync makes, on the first of each thing that is there, so that every missing permission is named at once. */
export async function testMonitor(client: SagemakerClient, metrics: CloudWatchClient, now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  const found: {
    endpoint?: string;
    arn?: string;
    config?: string;
    model?: string;
    package?: string;
    schedule?: string;
  } = {};
  let counted = countOf(0, false, "endpoint");
  const listed = await attempt("List endpoints", "sagemaker:ListEndpoints", async () => {
    const page = await client.endpoints(null);
    const [first] = page.Endpoints.flatMap((e) => endpointSummaryShape.safeParse(e).data?.EndpointName ?? []);
    if (first) found.endpoint = first;
    counted = countOf(page.Endpoints.length, page.NextToken !== null, "endpoint");
    return counted;
  });
  if (listed) {
    const one = async (what: string, action: string, arg: string | undefined, run: (arg: string) => Promise<void>) => {
      if (arg === undefined) return;
      await attempt(what, `sagemaker:${action}`, async () => {
        await run(arg);
        return "readable";
      });
    };
    await one("Read an endpoint", "DescribeEndpoint", found.endpoint, async (name) => {
      const endpoint = await client.endpoint(name);
      found.arn = endpoint.EndpointArn;
      if (endpoint.EndpointConfigName) found.config = endpoint.EndpointConfigName;
    });
    await one("Read its tags", "ListTags", found.arn, async (arn) => {
      await client.tags(arn);
    });
    await one("Read its configuration", "DescribeEndpointConfig", found.config, async (name) => {
      const [model] = ((await client.endpointConfig(name)).ProductionVariants ?? []).flatMap((v) => v.ModelName ?? []);
      if (model) found.model = model;
    });
    await one("Read what it serves", "DescribeModel", found.model, async (name) => {
      const arn = packageArnOf(await client.model(name));
      if (arn) found.package = arn;
    });
    await one("Read its model package", "DescribeModelPackage", found.package, async (arn) => {
      await client.package(arn, servedShape);
    });
    await one("List monitoring schedules", "ListMonitoringSchedules", found.endpoint ?? unnamed, async (name) => {
      const page = await client.schedules(name, null);
      const [first] = page.MonitoringScheduleSummaries.flatMap(
        (s) => scheduleSummaryShape.safeParse(s).data?.MonitoringScheduleName ?? [],
      );
      if (first) found.schedule = first;
    });
    await one("Read a monitoring schedule", "DescribeMonitoringSchedule", found.schedule, async (name) => {
      await client.schedule(name);
    });
    await one("List its executions", "ListMonitoringExecutions", found.schedule, async (name) => {
      await client.executions(name, null, 1);
    });
    await attempt("Read metrics", "cloudwatch:GetMetricData", async () => {
      const metric = { metric: "Invocations", endpoint: found.endpoint ?? unnamed, variant: "AllTraffic", stat: "Sum" };
      await metrics.data([{ ...metric, periodS: 3600 }], new Date(now.getTime() - 3_600_000), now);
      return "readable";
    });
  }
  return answer(`SageMaker in ${client.region} with ${counted}.`, { skewMs: client.skewMs() });
}
