import { createHash } from "node:crypto";
import type { FactValue } from "@/lib/facts/fact";
import type { ModelVersion, RegisteredModel, Run } from "./shapes";

/** A registered model as a batch carries it. */
export type SeenModel = {
  name: string;
  description: string;
  aliases: { alias: string; version: string }[];
  tags: Record<string, string>;
  /** Hash of all of it, hex: the same hash means nothing to do. */
  sha256: string;
};

/** A model version as a batch carries it. Instants as ISO 8601. */
export type SeenVersion = {
  model: string;
  version: string;
  runId: string | null;
  source: string | null;
  status: string;
  registeredAt: string;
  user: string | null;
  description: string;
  tags: Record<string, string>;
  /** SHA-256 hex that a tag vouches for, and that tag's key. */
  digest: string | null;
  digestTag: string | null;
  /** The registry's record without aliases, which live elsewhere. */
  raw: string;
};

export type SeenDataset = { name: string; digest: string; context: string | null };

/** What a run tells about the version it produced. */
export type SeenRun = {
  versionId: string;
  runId: string;
  /** Null: the run was deleted. */
  name: string | null;
  ended: boolean;
  commit: string | null;
  user: string | null;
  facts: Record<string, FactValue>;
  datasets: SeenDataset[];
};

/** Prompts share the registry's API but are no models. */
export const isPrompt = (tags: readonly { key: string; value: string }[]): boolean =>
  tags.some((t) => t.key === "mlflow.prompt.is_prompt" && t.value.toLowerCase() === "true");

const most = 500;
const clip = (text: string, max = 2000): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** PostgreSQL text holds no NUL. */
const clean = (text: string | null | undefined): string => (text ?? "").replaceAll("\0", "");

const record = (tags: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(
    tags
      .filter((t) => t.key.length <= 250)
      .slice(0, most)
      .map((t) => [clean(t.key), clip(clean(t.value))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function seenModel(m: RegisteredModel): SeenModel {
  const seen = {
    name: clean(m.name),
    description: clip(clean(m.description), 4000),
    aliases: m.aliases
      .map((a) => ({ alias: clean(a.alias), version: clean(a.version) }))
      .sort((a, b) => (a.alias < b.alias ? -1 : 1)),
    tags: record(m.tags),
  };
  return { ...seen, sha256: sha256(JSON.stringify(seen)) };
}

/** Tags that vouch for a version's digest, first one wins. */
export const digestTags = ["countersign.digest", "oms.digest", "sha256"] as const;

/** A SHA-256 in hex that a tag holds, with or without its prefix; null when no tag holds a valid one. */
export function digestOf(tags: readonly { key: string; value: string }[]): { digest: string; tag: string } | null {
  for (const tag of digestTags) {
    const value = tags
      .find((t) => t.key === tag)
      ?.value.trim()
      .toLowerCase()
      .replace(/^sha256:/, "");
    if (value && /^[0-9a-f]{64}$/.test(value)) return { digest: value, tag };
  }
  return null;
}

export function seenVersion(v: ModelVersion): SeenVersion {
  const { aliases: _, ...rest } = v;
  const digest = digestOf(v.tags);
  return {
    model: clean(v.name),
    version: clean(v.version),
    runId: clean(v.run_id) || null,
    source: clip(clean(v.source)) || null,
    status: clean(v.status),
    registeredAt: new Date(v.creation_timestamp).toISOString(),
    user: clip(clean(v.user_id), 254) || null,
    description: clip(clean(v.description)),
    tags: record(v.tags),
    digest: digest?.digest ?? null,
    digestTag: digest?.tag ?? null,
    raw: clean(JSON.stringify(rest)),
  };
}

const terminal = ["FINISHED", "FAILED", "KILLED"];
const seedNames = ["seed", "random_seed", "random_state", "rng_seed"];

/** The facts that a run holds; `run` null is a run that was deleted. */
export function seenRun(versionId: string, runId: string, run: Run | null, experiment: string | null): SeenRun {
  if (!run)
    return {
      versionId,
      runId,
      name: null,
      ended: true,
      commit: null,
      user: null,
      facts: { "run.id": runId, "run.status": "DELETED" },
      datasets: [],
    };
  const tag = (key: string): string => clip(clean(run.data.tags.find((t) => t.key === key)?.value));
  const facts: Record<string, FactValue> = { "run.id": runId, "run.status": clean(run.info.status) };
  const text = (key: string, value: string | null | undefined) => {
    if (value) facts[key] = clip(clean(value));
  };
  text("run.name", run.info.run_name ?? tag("mlflow.runName"));
  const user = tag("mlflow.user") || clean(run.info.user_id);
  text("run.user", user);
  text("run.experiment", experiment ?? run.info.experiment_id);
  if (run.info.start_time) facts["run.started_at"] = new Date(run.info.start_time).toISOString();
  if (run.info.end_time) facts["run.ended_at"] = new Date(run.info.end_time).toISOString();
  const commit = tag("mlflow.source.git.commit").toLowerCase();
  const isCommit = /^[0-9a-f]{7,64}$/.test(commit);
  if (isCommit) facts["run.commit"] = commit;
  text("run.repository", tag("mlflow.source.git.repoURL"));
  text("run.branch", tag("mlflow.source.git.branch"));
  text("run.source", tag("mlflow.source.name"));
  text("run.environment", tag("mlflow.docker.image.id") || tag("mlflow.docker.image.uri") || tag("mlflow.project.env"));
  const params = record(run.data.params);
  if (Object.keys(params).length > 0) facts["run.params"] = params;
  text(
    "run.seed",
    run.data.params.find((p) => seedNames.includes(p.key.split(/[.__]/).at(-1) ?? "") || seedNames.includes(p.key))
      ?.value,
  );
  const finite: Record<string, number> = {};
  const notFinite: string[] = [];
  for (const { key, value } of run.data.metrics.slice(0, most)) {
    if (typeof value === "number" && Number.isFinite(value)) finite[clip(clean(key), 250)] = value;
    else notFinite.push(clip(clean(key), 250));
  }
  if (Object.keys(finite).length > 0) facts["run.metrics"] = finite;
  if (notFinite.length > 0) facts["run.metrics_not_finite"] = notFinite.slice(0, 200).sort();
  const datasets = run.inputs.dataset_inputs.slice(0, 200).map(({ dataset, tags }) => ({
    name: clip(clean(dataset.name), 250),
    digest: clip(clean(dataset.digest), 200),
    context: tags.find((t) => t.key === "mlflow.data.context")?.value ?? null,
  }));
  if (datasets.length > 0) {
    facts["run.datasets"] = datasets.map((d) => d.name);
    facts["run.dataset_digests"] = datasets.map((d) => `${d.name}:${d.digest}`);
  }
  Object.assign(facts, loggedModelFacts(tag("mlflow.log-model.history")));
  return {
    versionId,
    runId,
    name: run.info.run_name ?? null,
    ended: terminal.includes(run.info.status),
    commit: isCommit ? commit : null,
    user: user || null,
    facts,
    datasets,
  };
}

/** MLflow 2 keeps flavours and signature in a tag of the run; MLflow 3 in the model's own MLmodel file. */
function loggedModelFacts(history: string): Record<string, FactValue> {
  if (!history) return {};
  try {
    const parsed: unknown = JSON.parse(history);
    const last: unknown = Array.isArray(parsed) ? parsed.at(-1) : null;
    return typeof last === "object" && last !== null ? mlmodelFacts(last) : {};
  } catch {
    // The tag is cut off at 5,000 bytes by some servers; then MLmodel is the only source.
    return {};
  }
}

/** Flavours, schemas and format from the content of an MLmodel file or its copy in a tag. */
export function mlmodelFacts(model: object): Record<string, FactValue> {
  const out: Record<string, FactValue> = {};
  if ("flavors" in model && typeof model.flavors === "object" && model.flavors !== null) {
    out["artifact.flavors"] = Object.keys(model.flavors).slice(0, 200);
    for (const flavor of Object.values(model.flavors)) {
      if (
        typeof flavor === "object" &&
        flavor !== null &&
        "serialization_format" in flavor &&
        typeof flavor.serialization_format === "string"
      )
        out["artifact.format"] = clip(flavor.serialization_format, 200);
    }
  }
  if ("signature" in model && typeof model.signature === "object" && model.signature !== null) {
    const { signature } = model;
    if ("inputs" in signature && typeof signature.inputs === "string")
      out["artifact.input_schema"] = clip(signature.inputs);
    if ("outputs" in signature && typeof signature.outputs === "string")
      out["artifact.output_schema"] = clip(signature.outputs);
  }
  return out;
}
