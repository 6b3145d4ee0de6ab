import "server-only";
import { countOf, prober } from "@/lib/connectors/probe";
import type { Tested } from "@/lib/connectors/registry";
import type { SagemakerClient } from "./client";
import { endpointSummaryShape, groupShape, packageShape, summaryShape } from "./shapes";

/** Tries each call that a sync makes, on the first of each thing that is there, so that every missing permission is named at once. */
export async function testSagemaker(client: SagemakerClient): Promise<Tested> {
  const { attempt, answer } = prober();
  const found: { group?: string; package?: string; endpoint?: string; config?: string; model?: string } = {};
  let models = 0;
  let more = false;
  const one = (what: string, action: string, arg: string | undefined, run: (arg: string) => Promise<void>) =>
    arg === undefined
      ? Promise.resolve(false)
      : attempt(what, `sagemaker:${action}`, async () => {
          await run(arg);
          return "readable";
        });

  const listed = await attempt("List model package groups", "sagemaker:ListModelPackageGroups", async () => {
    const page = await client.groups(null);
    models = page.ModelPackageGroupSummaryList.length;
    more = page.NextToken !== null;
    const [arn] = page.ModelPackageGroupSummaryList.flatMap(
      (g) => groupShape.safeParse(g).data?.ModelPackageGroupArn ?? [],
    );
    if (arn) found.group = arn;
    return countOf(models, more, "model package group");
  });
  if (listed) {
    await one("Read a group's tags", "ListTags", found.group, async (arn) => {
      await client.tags(arn);
    });
    await attempt("List model packages", "sagemaker:ListModelPackages", async () => {
      const page = await client.packages(null, null, 1);
      const [arn] = page.ModelPackageSummaryList.flatMap((s) => summaryShape.safeParse(s).data?.ModelPackageArn ?? []);
      if (arn) found.package = arn;
      return arn ? "readable" : "none registered yet";
    });
    await one("Read a model package", "DescribeModelPackage", found.package, async (arn) => {
      await client.package(arn, packageShape);
    });
    await attempt("List endpoints", "sagemaker:ListEndpoints", async () => {
      const page = await client.endpoints(null, 1);
      const [name] = page.Endpoints.flatMap((e) => endpointSummaryShape.safeParse(e).data?.EndpointName ?? []);
      if (name) found.endpoint = name;
      return name ? "readable" : "none yet";
    });
    await one("Read an endpoint", "DescribeEndpoint", found.endpoint, async (name) => {
      const { EndpointConfigName } = await client.endpoint(name);
      if (EndpointConfigName) found.config = EndpointConfigName;
    });
    await one("Read its configuration", "DescribeEndpointConfig", found.config, async (name) => {
      const { ProductionVariants } = await client.endpointConfig(name);
      const [model] = (ProductionVariants ?? []).flatMap((v) => v.ModelName ?? []);
      if (model) found.model = model;
    });
    await one("Read the model it serves", "DescribeModel", found.model, async (name) => {
      await client.model(name);
    });
  }
  const account = found.group?.split(":")[4];
  return answer(`Amazon SageMaker in ${client.region} with ${countOf(models, more, "model package group")}.`, {
    identity: account ? `AWS account ${account}` : null,
    models: listed ? models : null,
    more,
    skewMs: client.skewMs(),
  });
}
