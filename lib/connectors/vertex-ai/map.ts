import type { ModelRef, SeenServing, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, rawOf, seenModelOf, tagRecord } from "@/lib/connectors/text";
import type { Endpoint, Model, Version } from "./shapes";

/** The last part of a resource name, without a version after it: what never changes about a model. */
export const idOf = (name: string): string => (name.split("/").at(-1) ?? name).replace(/@.*$/, "");

/** A display name may be given twice and changed at any time; the id is neither. */
export const refOf = (m: Pick<Model, "name" | "displayName">): ModelRef => ({
  id: clean(idOf(m.name)),
  name: clip(clean(m.displayName).trim(), 200) || clean(idOf(m.name)),
});

const tags = (labels: Readonly<Record<string, string>> | null | undefined) =>
  Object.entries(labels ?? {}).map(([key, value]) => ({ key, value }));

/** A model with the aliases that stand on its versions. `default` is one of them: the version that is deployed when none is named. */
export const seenModel = (model: Model, versions: readonly Version[], raw: unknown) =>
  seenModelOf({
    ...refOf(model),
    description: model.description,
    aliases: [
      ...new Map(versions.flatMap((v) => (v.versionAliases ?? []).map((alias) => [alias, v.versionId] as const))),
    ].map(([alias, version]) => ({ alias, version })),
    tags: tags(model.labels),
    raw,
  });

export function seenVersion(model: ModelRef, v: Version, raw: unknown): SeenVersion {
  const facts: SeenVersion["facts"] = {};
  const text = (key: string, value: string | null | undefined) => {
    if (value) facts[key] = clip(clean(value));
  };
  text("run.source", v.pipelineJob ?? v.trainingPipeline);
  text("run.environment", v.containerSpec?.imageUri);
  const formats = (v.supportedExportFormats ?? []).flatMap((f) => (f.id ? [clip(clean(f.id), 200)] : []));
  if (formats.length > 0) facts["artifact.flavors"] = formats;
  return {
    model,
    version: clean(v.versionId),
    runId: null,
    source: clip(clean(v.artifactUri)) || null,
    // A version is listed once its upload has ended; Vertex AI gives it no state of its own.
    status: "READY",
    registeredAt: v.versionCreateTime,
    changedAt: v.versionUpdateTime ?? null,
    user: null,
    description: clip(clean(v.versionDescription)),
    tags: tagRecord(tags(v.labels)),
    digest: null,
    digestTag: null,
    commit: null,
    facts,
    inputs: [],
    raw: rawOf(withoutMovable(raw)),
  };
}

/** Aliases live on the model, and deployments in the endpoints; both move without the version changing. */
function withoutMovable(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(raw).filter(([key]) => !["versionAliases", "deployedModels", "etag"].includes(key)),
  );
}

/** A label holds 63 characters, a SHA-256 has 64: not even a label can vouch for it. */
export const noDigest =
  "unknown: Vertex AI keeps no digest of the artefact, and a label is too short for one; the delivery has to report it";

/**
 * What an endpoint's deployed models serve. A deployed model that the split does not name gets no requests. Vertex AI gives a
 * deployed model no state: it is listed once it is deployed.
 */
export function seenServing(endpoint: Endpoint, location: string): SeenServing[] {
  const id = idOf(endpoint.name);
  return (endpoint.deployedModels ?? []).map((d) => ({
    id: clean(`${id}/${d.id}`),
    endpoint: clip(clean(endpoint.displayName).trim(), 200) || clean(id),
    kind: "endpoint" as const,
    region: location,
    model: clean(idOf(d.model)),
    version: clean(d.modelVersionId ?? /@([^/@]+)$/.exec(d.model)?.[1]),
    traffic: endpoint.trafficSplit?.[d.id] ?? 0,
    state: "DEPLOYED",
    url: null,
    changedAt: endpoint.updateTime ?? d.createTime ?? null,
    raw: rawOf({
      endpoint: endpoint.name,
      displayName: endpoint.displayName,
      trafficSplit: endpoint.trafficSplit,
      deployedModel: d,
    }),
  }));
}
