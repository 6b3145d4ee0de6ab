import type { SeenServing, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, digestOf, rawOf, seenModelOf, tagRecord } from "@/lib/connectors/text";
import { commitOf, shares } from "@/lib/connectors/values";
import type { Endpoint, EndpointConfig, Group, Model, Package } from "./shapes";

export const refOf = (group: string) => ({ id: clean(group), name: clean(group) });

/** The one thing in SageMaker that stands on a version as an alias would: the newest version with this approval status. */
export const approved = "Approved";

/** A model package group is a model. */
export const seenModel = (
  group: Group,
  tags: readonly { Key: string; Value: string }[],
  newestApproved: string | undefined,
  raw: unknown,
) =>
  seenModelOf({
    ...refOf(group.ModelPackageGroupName),
    description: group.ModelPackageGroupDescription,
    aliases: newestApproved === undefined ? [] : [{ alias: approved, version: newestApproved }],
    tags: tags.map((t) => ({ key: t.Key, value: t.Value })),
    raw,
  });

/** A model package is a version. */
export function seenVersion(p: Package, raw: unknown): SeenVersion {
  const metadata = Object.entries(p.CustomerMetadataProperties ?? {}).map(([key, value]) => ({ key, value }));
  const digest = digestOf(metadata);
  const made = p.MetadataProperties;
  const [container] = p.InferenceSpecification?.Containers ?? [];
  const commit = commitOf(made?.CommitId);
  const user = userOf(p);
  const facts: SeenVersion["facts"] = {};
  const text = (key: string, value: string | null | undefined) => {
    if (value) facts[key] = clip(clean(value));
  };
  text("registry.stage", p.ModelLifeCycle?.Stage);
  text("run.commit", commit);
  text("run.repository", made?.Repository);
  text("run.experiment", made?.ProjectId);
  text("run.source", made?.GeneratedBy);
  text("run.environment", container?.ImageDigest ?? container?.Image);
  if (container?.Framework)
    facts["artifact.flavors"] = [clip(`${container.Framework} ${container.FrameworkVersion ?? ""}`.trim(), 200)];
  return {
    model: refOf(p.ModelPackageGroupName),
    version: String(p.ModelPackageVersion),
    runId: null,
    source:
      clip(clean(container?.ModelDataUrl ?? container?.ModelDataSource?.S3DataSource?.S3Uri ?? p.SourceUri)) || null,
    // A package that was made says nothing more; then its approval is its state.
    status: clean(p.ModelPackageStatus === "Completed" ? (p.ModelApprovalStatus ?? "Completed") : p.ModelPackageStatus),
    registeredAt: p.CreationTime,
    changedAt: p.LastModifiedTime ?? null,
    user,
    description: clip(clean(p.ModelPackageDescription)),
    tags: tagRecord(metadata),
    digest: digest?.digest ?? null,
    digestTag: digest?.tag ?? null,
    commit,
    facts,
    inputs: [],
    raw: rawOf(raw),
  };
}

/** A SageMaker Studio profile, or the last part of the ARN of who acted. */
const userOf = (p: Package): string | null =>
  clip(clean(p.CreatedBy?.UserProfileName ?? p.CreatedBy?.IamIdentity?.Arn?.split("/").at(-1)), 254) || null;

/** What SageMaker gives instead of a digest is an S3 ETag, which is no SHA-256. */
export const noDigest =
  "unknown: SageMaker keeps no SHA-256 of the model data (an S3 ETag is none); set one as customer metadata countersign.digest";

/** What a variant serves: the package that its SageMaker model was made from, as far as it was made from one. */
export type Served = { model: Model; package: Pick<Package, "ModelPackageGroupName" | "ModelPackageVersion"> | null };

/** The ARN of the model package that a SageMaker model was made from, or null. */
export const packageArnOf = (model: Model): string | null =>
  [model.PrimaryContainer, ...(model.Containers ?? [])].flatMap((c) => c?.ModelPackageName ?? [])[0] ?? null;

/**
 * The variants of an endpoint and what serves in them. The weights as they are now stand on the endpoint, the models on its
 * configuration; a shadow variant gets a copy of the requests and answers none. What was not made from a model package is told by
 * its SageMaker model's own name, without a version.
 */
export function seenServing(
  endpoint: Endpoint,
  config: EndpointConfig | null,
  served: ReadonlyMap<string, Served>,
): SeenServing[] {
  const now = endpoint.ProductionVariants ?? [];
  const live = config?.ProductionVariants ?? [];
  const percent = shares(
    live.map((v) => now.find((n) => n.VariantName === v.VariantName)?.CurrentWeight ?? v.InitialVariantWeight ?? 0),
  );
  const row = (v: (typeof live)[number], traffic: number | null): SeenServing => {
    const found = v.ModelName ? served.get(v.ModelName) : undefined;
    return {
      id: clean(`${endpoint.EndpointName}/${v.VariantName}`),
      endpoint: clean(endpoint.EndpointName),
      kind: "endpoint",
      region: endpoint.EndpointArn.split(":")[3] ?? null,
      model: clean(found?.package?.ModelPackageGroupName ?? v.ModelName),
      version: found?.package ? String(found.package.ModelPackageVersion) : "",
      traffic,
      state: clean(endpoint.EndpointStatus),
      url: null,
      changedAt: endpoint.LastModifiedTime,
      raw: rawOf({ endpoint, variant: v, model: found?.model ?? null }),
    };
  };
  return [
    ...live.map((v, i) => row(v, percent[i] ?? null)),
    ...(config?.ShadowProductionVariants ?? []).map((v) => row(v, 0)),
  ];
}
