import type { SeenModel, SeenRun, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, digestOf, rawOf, seenModelOf, tagRecord } from "@/lib/connectors/text";
import type { FactValue } from "@/lib/facts/fact";
import type { ModelVersion, RegisteredModel, Run } from "./shapes";

/** Prompts share the registry's API but are no models. */
export const isPrompt = (tags: readonly { key: string; value: string }[]): boolean =>
  tags.some((t) => t.key === "mlflow.prompt.is_prompt" && t.value.toLowerCase() === "true");

const most = 500;

export const seenModel = (m: RegisteredModel, raw: unknown): SeenModel => seenModelOf({ ...m, id: m.name, raw });

export function seenVersion(v: ModelVersion, raw: unknown): SeenVersion {
  const digest = digestOf(v.tags);
  return {
    model: { id: clean(v.name), name: clean(v.name) },
    version: clean(v.version),
    runId: clean(v.run_id) || null,
    source: clip(clean(v.source)) || null,
    status: clean(v.status),
    registeredAt: new Date(v.creation_timestamp).toISOString(),
    changedAt: new Date(v.last_updated_timestamp ?? v.creation_timestamp).toISOString(),
    user: clip(clean(v.user_id), 254) || null,
    description: clip(clean(v.description)),
    tags: tagRecord(v.tags),
    digest: digest?.digest ?? null,
    digestTag: digest?.tag ?? null,
    commit: null,
    facts: {},
    inputs: [],
    raw: rawOf(typeof raw === "object" ? { ...raw, aliases: undefined } : raw),
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
  const params = tagRecord(run.data.params);
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
