import type { ModelRef, SeenServing, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, digestOf, rawOf, seenModelOf, tagRecord } from "@/lib/connectors/text";
import { commitOf } from "@/lib/connectors/values";
import type { Container, Deployment, Endpoint, Version } from "./shapes";

export const refOf = (name: string): ModelRef => ({ id: clean(name), name: clean(name) });

const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([key, value]) => ({ key, value }));

/**
 * A model container is a model. Azure has no aliases but a stage on each version: the newest version of each stage is where that
 * stage stands.
 */
export function seenModel(container: Container, versions: readonly Version[], raw: unknown) {
  const newest = new Map<string, Version>();
  for (const v of versions) {
    const stage = v.properties.stage?.trim();
    if (!stage || v.properties.isArchived) continue;
    const held = newest.get(stage);
    if (!held || held.systemData.createdAt < v.systemData.createdAt) newest.set(stage, v);
  }
  return seenModelOf({
    ...refOf(container.name),
    description: container.properties.description,
    aliases: [...newest].map(([alias, v]) => ({ alias, version: v.name })),
    tags: pairs(container.properties.tags),
    raw,
  });
}

export function seenVersion(model: ModelRef, v: Version, raw: unknown): SeenVersion {
  const { properties: p, systemData: s } = v;
  const all = { ...p.properties, ...p.tags };
  const digest = digestOf(pairs(all));
  const commit = commitOf(all["mlflow.source.git.commit"] ?? all["azureml.git.commit"] ?? all["git.commit"]);
  const facts: SeenVersion["facts"] = {};
  const text = (key: string, value: string | null | undefined) => {
    if (value) facts[key] = clip(clean(value));
  };
  text("registry.stage", p.stage);
  text("run.commit", commit);
  text("run.repository", all["mlflow.source.git.repoURL"] ?? all["azureml.git.repository_uri"]);
  text("run.branch", all["mlflow.source.git.branch"] ?? all["azureml.git.branch"]);
  text("run.source", p.jobName);
  const flavors = Object.keys(p.flavors ?? {});
  if (flavors.length > 0) facts["artifact.flavors"] = flavors.slice(0, 200).map((f) => clip(clean(f), 200));
  text("artifact.format", p.modelType);
  return {
    model,
    version: clean(v.name),
    runId: null,
    source: clip(clean(p.modelUri)) || null,
    status: p.isArchived ? "Archived" : clean(p.provisioningState ?? "Succeeded"),
    registeredAt: s.createdAt,
    changedAt: s.lastModifiedAt ?? null,
    user: clip(clean(s.createdBy), 254) || null,
    description: clip(clean(p.description)),
    tags: tagRecord(pairs(p.tags)),
    digest: digest?.digest ?? null,
    digestTag: digest?.tag ?? null,
    commit,
    facts,
    inputs: [],
    raw: rawOf(raw),
  };
}

export const noDigest =
  "unknown: Azure Machine Learning keeps no digest of the model's files; set one as the tag countersign.digest";

/**
 * What a deployment's `model` names: `…/workspaces/w/models/m/versions/3`, `azureml://registries/r/models/m/versions/3`,
 * `azureml:m:3`. A model of a registry is told apart from one of the same name in the workspace, unless that registry is what is read.
 */
export function modelOf(reference: string | null | undefined, own: string): { model: string; version: string } | null {
  const text = clean(reference);
  const short = /^azureml:([^:/]+):([^:/]+)$/.exec(text);
  if (short?.[1] && short[2]) return { model: short[1], version: short[2] };
  const long = /(?:^|\/)(workspaces|registries)\/([^/]+)\/models\/([^/]+)\/(?:versions|labels)\/([^/]+)$/.exec(text);
  if (!long?.[1] || !long[2] || !long[3] || !long[4]) return null;
  const foreign = long[1] === "registries" && long[2].toLowerCase() !== own.toLowerCase();
  return { model: foreign ? `azureml://registries/${long[2]}/models/${long[3]}` : long[3], version: long[4] };
}

/** What an endpoint's deployments serve; one that the traffic does not name gets no requests. */
export const seenServing = (endpoint: Endpoint, deployments: readonly Deployment[], own: string): SeenServing[] =>
  deployments.map((d) => {
    const named = modelOf(d.properties.model, own);
    return {
      id: clean(`${endpoint.name}/${d.name}`),
      endpoint: clean(endpoint.name),
      kind: "endpoint",
      region: clean(d.location ?? endpoint.location) || null,
      model: named?.model ?? clean(d.properties.model),
      version: named?.version ?? "",
      traffic: endpoint.properties.traffic?.[d.name] ?? 0,
      state: clean(d.properties.provisioningState ?? endpoint.properties.provisioningState ?? "unknown"),
      url: endpoint.properties.scoringUri ?? null,
      changedAt: d.systemData?.lastModifiedAt ?? d.systemData?.createdAt ?? null,
      raw: rawOf({ endpoint: { id: endpoint.id, traffic: endpoint.properties.traffic }, deployment: d }),
    };
  });
