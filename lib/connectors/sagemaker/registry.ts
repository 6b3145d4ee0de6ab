import "server-only";
import { z } from "zod";
import { UpstreamFault } from "@/lib/connectors/fault";
import { abreast, once, phased, unlessDenied } from "@/lib/connectors/phases";
import type { BadRecord, From, ModelRef, Page, Registry, Write } from "@/lib/connectors/registry";
import { badRecord, sift } from "@/lib/connectors/sift";
import { everyRecord, someRecords } from "@/lib/connectors/walk";
import { gone, type SagemakerClient, sagemakerClient } from "./client";
import { approved, noDigest, packageArnOf, refOf, type Served, seenModel, seenServing, seenVersion } from "./map";
import { endpointSummaryShape, groupShape, packageShape, type Summary, servedShape, summaryShape } from "./shapes";
import { testSagemaker } from "./test";

const system = "Amazon SageMaker";
/** SageMaker throttles an account that asks for more at once. */
const width = 4;

/** Amazon SageMaker Model Registry in one region: model package groups, model packages, and the endpoints that serve them. */
export const sagemaker: Registry = {
  open: (target, limits) => {
    const region = target.settings.region;
    const client = sagemakerClient(
      {
        baseUrl: target.baseUrl,
        region: typeof region === "string" && region !== "" ? region : null,
        accessKeyId: target.username ?? "",
        secretAccessKey: target.secret ?? "",
      },
      limits,
    );
    const newest = once(() => newestApproved(client));
    return {
      test: () => testSagemaker(client),
      outline: async (most) => {
        const list = async (token: string | null) => {
          const page = await client.groups(token);
          return { records: page.ModelPackageGroupSummaryList, next: page.NextToken };
        };
        const { records, more } = await someRecords(system, list, most);
        const { good } = sift("models", groupShape, records, ["ModelPackageGroupName"]);
        return {
          models: good.map(({ value }) => ({ ref: refOf(value.ModelPackageGroupName), versions: null })),
          more,
          versions: null,
        };
      },
      read: phased(system, [
        // Versions first: what stands on them comes with their groups.
        { id: "packages", read: (token, from) => readPackages(client, token, from) },
        { id: "groups", read: (token, from) => readGroups(client, newest, token, from) },
        {
          id: "endpoints",
          read: unlessDenied("serving", { id: "endpoints", read: (token, from) => readServing(client, token, from) }),
        },
      ]),
      artifacts: async () => ({ digest: null, source: noDigest, facts: {} }),
      promotion: {
        readBack: async (model) => (await newestApproved(client, model.id)).get(model.id) ?? null,
        promote: ({ model, version, releaseRef }) => promote(client, model, version, releaseRef),
      },
      close: client.close,
    };
  },
};

async function readGroups(
  client: SagemakerClient,
  newest: () => Promise<Map<string, string>>,
  token: string | null,
  from: From,
): Promise<Partial<Page>> {
  const page = await client.groups(token, from.size);
  const { good, bad } = sift("models", groupShape, page.ModelPackageGroupSummaryList, ["ModelPackageGroupName"]);
  const aliases = await newest();
  const models = await abreast(width, good, async ({ value, raw }) =>
    seenModel(
      value,
      (await client.tags(value.ModelPackageGroupArn)).Tags ?? [],
      aliases.get(value.ModelPackageGroupName),
      raw,
    ),
  );
  return { models, bad, next: page.NextToken };
}

/** SageMaker lists by creation only: between full sweeps, a change to an older version shows in its model's approved version. */
async function readPackages(client: SagemakerClient, token: string | null, from: From): Promise<Partial<Page>> {
  const page = await client.packages(token, from.since, from.size);
  const { good, bad } = sift("versions", summaryShape, page.ModelPackageSummaryList, [
    "ModelPackageGroupName",
    "ModelPackageVersion",
  ]);
  const read = await abreast(width, good, ({ value }) => readPackage(client, value));
  const newest = Math.max(from.since ?? 0, ...good.map(({ value }) => Date.parse(value.CreationTime)));
  return {
    versions: read.flatMap((r) => ("version" in r ? [r.version] : [])),
    bad: [...bad, ...read.flatMap((r) => ("bad" in r ? [r.bad] : []))],
    watermark: newest || null,
    next: page.NextToken,
  };
}

async function readPackage(
  client: SagemakerClient,
  { ModelPackageArn, ModelPackageGroupName, ModelPackageVersion }: Summary,
): Promise<{ version: ReturnType<typeof seenVersion> } | { bad: BadRecord } | Record<string, never>> {
  let raw: unknown;
  try {
    raw = await client.package(ModelPackageArn, z.looseObject({}));
  } catch (error) {
    // Deleted between the list and this.
    if (gone(error)) return {};
    throw error;
  }
  const parsed = packageShape.safeParse(raw);
  if (parsed.success) return { version: seenVersion(parsed.data, raw) };
  const [issue] = parsed.error.issues;
  const key = `${ModelPackageGroupName}/${ModelPackageVersion}`;
  return { bad: badRecord("versions", key, `${issue?.path.join(".")}: ${issue?.message}`, raw) };
}

async function readServing(client: SagemakerClient, token: string | null, from: From): Promise<Partial<Page>> {
  const page = await client.endpoints(token, from.size);
  const { good, bad } = sift("serving", endpointSummaryShape, page.Endpoints, ["EndpointName"]);
  const read = await abreast(width, good, async ({ value }) => {
    try {
      const endpoint = await client.endpoint(value.EndpointName);
      const config = endpoint.EndpointConfigName ? await client.endpointConfig(endpoint.EndpointConfigName) : null;
      const variants = [...(config?.ProductionVariants ?? []), ...(config?.ShadowProductionVariants ?? [])];
      const served = new Map<string, Served>();
      for (const name of new Set(variants.flatMap((v) => v.ModelName ?? []))) {
        const model = await client.model(name);
        const arn = packageArnOf(model);
        served.set(name, { model, package: arn ? await client.package(arn, servedShape) : null });
      }
      return seenServing(endpoint, config, served);
    } catch (error) {
      if (gone(error)) return [];
      throw error;
    }
  });
  return { serving: read.flat(), bad, next: page.NextToken };
}

/** The newest approved version of each group, or of one. */
async function newestApproved(client: SagemakerClient, group: string | null = null): Promise<Map<string, string>> {
  const found = new Map<string, number>();
  const records = await everyRecord(system, async (token) => {
    const page = await client.approved(token, group);
    return { records: page.ModelPackageSummaryList, next: page.NextToken };
  });
  for (const { ModelPackageGroupName: name, ModelPackageVersion: version } of records.flatMap(
    (r) => summaryShape.safeParse(r).data ?? [],
  ))
    found.set(name, Math.max(found.get(name) ?? 0, version));
  return new Map([...found].map(([name, version]) => [name, String(version)]));
}

type Metadata = Record<string, string>;

/**
 * Approves a version and notes the release beside it. What deploys from SageMaker takes the newest approved version, so a newer one
 * that is approved loses its approval; its entry says why.
 */
async function promote(client: SagemakerClient, model: ModelRef, version: string, ref: string): Promise<Write[]> {
  const all = await versionsOf(client, model.id);
  const target = all.find((s) => String(s.ModelPackageVersion) === version);
  if (!target) throw new UpstreamFault("not_found", `Amazon SageMaker has no version ${version} of ${model.name}.`);
  const writes: Write[] = [];
  const set = async (arn: string, status: "Approved" | "PendingManualApproval", why: string, metadata: Metadata) => {
    const done = await client.setApproval(arn, status, why, metadata);
    writes.push({
      request: `UpdateModelPackage ${arn} ModelApprovalStatus=${status}`,
      response: JSON.stringify(done).slice(0, 2000),
    });
  };
  const { ModelPackageArn: arn } = target;
  const { ModelApprovalStatus, CustomerMetadataProperties: metadata } = await client.package(arn, packageShape);
  if (ModelApprovalStatus !== approved || metadata?.["countersign.release"] !== ref)
    await set(arn, approved, `Approved by Countersign release ${ref}.`, { ...metadata, "countersign.release": ref });
  for (const s of all) {
    if (s.ModelApprovalStatus !== approved || s.ModelPackageVersion <= target.ModelPackageVersion) continue;
    const newer = await client.package(s.ModelPackageArn, packageShape);
    const why = `Countersign release ${ref} puts version ${version} in its place.`;
    await set(s.ModelPackageArn, "PendingManualApproval", why, newer.CustomerMetadataProperties ?? {});
  }
  return writes;
}

async function versionsOf(client: SagemakerClient, group: string): Promise<Summary[]> {
  const records = await everyRecord(system, async (token) => {
    const page = await client.versionsOf(group, token);
    return { records: page.ModelPackageSummaryList, next: page.NextToken };
  });
  return records.flatMap((r) => summaryShape.safeParse(r).data ?? []);
}
