import { architectureKeys } from "./architecture-keys";
import { type FactKey, factOf as key, knownBy, maxAge } from "./fact-key";
import { monitoringKeys } from "./monitoring-keys";
import { pipelineKeys } from "./pipeline-keys";
import { qualityKeys } from "./quality-keys";
import { resultKeys } from "./result-keys";

const { auto, test, drill, document } = maxAge;
const { registry, monitoring, security, delivery, evaluation, dataPlatform, onCall, billing, portal } = knownBy;

/**
 * Every fact the portal understands (governance.md sections 1.4 and 4). Default ages: what a system is asked again and again 1 day,
 * tests 90, drills 180, documents 365; what belongs to an immutable version does not age.
 */
export const catalogue: readonly FactKey[] = [
  key("registry.source_uri", "text", "model_version", null, registry, "Where the registry keeps the artefact."),
  key("registry.status", "text", "model_version", auto, registry, "State of the version in the registry."),
  key("registry.aliases", "texts", "model_version", auto, registry, "Aliases that point at this version."),
  key("registry.tags", "record", "either", auto, registry, "Tags set in the registry."),
  key("registry.description", "text", "either", auto, registry, "Description kept in the registry."),
  key("registry.stage", "text", "model_version", auto, registry, "Stage in the registry, where it still has stages."),
  key("registry.user", "text", "model_version", null, registry, "Account that registered the version."),
  key("run.id", "text", "model_version", null, registry, "Run that produced the version."),
  key("run.name", "text", "model_version", null, registry, "Name of the run."),
  key("run.user", "text", "model_version", null, registry, "Account that ran the training."),
  key("run.status", "text", "model_version", null, registry, "How the run ended."),
  key("run.started_at", "instant", "model_version", null, registry, "When the run started."),
  key("run.ended_at", "instant", "model_version", null, registry, "When the run ended."),
  key("run.commit", "text", "model_version", null, registry, "Git commit of the training code."),
  key("run.repository", "text", "model_version", null, registry, "Git repository of the training code."),
  key("run.branch", "text", "model_version", null, registry, "Git branch of the training code."),
  key("run.source", "text", "model_version", null, registry, "Entry point or notebook of the run."),
  key("run.experiment", "text", "model_version", null, registry, "Experiment the run belongs to."),
  key("run.params", "record", "model_version", null, registry, "Parameters of the run."),
  key("run.metrics", "numbers", "model_version", null, registry, "Metrics logged by the run, last value each."),
  key("run.metrics_not_finite", "texts", "model_version", null, registry, "Metrics logged as NaN or infinite."),
  key("run.datasets", "texts", "model_version", null, registry, "Datasets the run read, by name."),
  key("run.dataset_digests", "texts", "model_version", null, registry, "Digests of the datasets the run read."),
  key("run.environment", "text", "model_version", null, registry, "Digest or name of the pinned environment."),
  key("run.seed", "text", "model_version", null, registry, "Random seed of the run."),
  key("artifact.digest", "text", "model_version", null, registry, "SHA-256 of the artefact."),
  key(
    "artifact.digest_source",
    "text",
    "model_version",
    null,
    registry,
    "Where the digest comes from, or why there is none.",
  ),
  key("artifact.size", "number", "model_version", null, registry, "Size of the artefact.", "byte"),
  key(
    "artifact.format",
    "text",
    "model_version",
    null,
    registry,
    "Serialisation format, e.g. safetensors, onnx, pickle.",
  ),
  key("artifact.flavors", "texts", "model_version", null, registry, "Model flavours the artefact can be loaded as."),
  key(
    "artifact.input_schema",
    "text",
    "model_version",
    null,
    registry,
    "Input schema from the model signature, as JSON.",
  ),
  key(
    "artifact.output_schema",
    "text",
    "model_version",
    null,
    registry,
    "Output schema from the model signature, as JSON.",
  ),
  key(
    "artifact.signature_verified",
    "boolean",
    "model_version",
    null,
    delivery,
    "Signature and digest were verified when the version was deployed.",
  ),
  key(
    "artifact.scan_clean",
    "boolean",
    "model_version",
    test,
    security,
    "The artefact was scanned for unsafe content and nothing was found.",
  ),
  key("artifact.ml_bom", "text", "model_version", null, delivery, "Digest of the ML bill of materials."),

  key("eval.report", "text", "model_version", null, evaluation, "Link to or digest of the evaluation report."),
  key(
    "eval.thresholds_met",
    "boolean",
    "model_version",
    test,
    evaluation,
    "All thresholds fixed before the test were met.",
  ),
  key("eval.beats_baseline", "boolean", "model_version", test, evaluation, "The version beats the simple baseline."),
  key("eval.slices", "number", "model_version", test, evaluation, "Slices the evaluation was broken down by.", "slice"),
  key(
    "eval.independent",
    "boolean",
    "model_version",
    document,
    evaluation,
    "Validated by people who did not build it.",
  ),
  key(
    "eval.fairness_gap",
    "number",
    "model_version",
    test,
    evaluation,
    "Largest gap between agreed groups on the agreed metric.",
  ),
  key(
    "eval.suite_passed",
    "boolean",
    "model_version",
    test,
    evaluation,
    "The versioned evaluation set ran for this digest and passed.",
  ),
  key(
    "eval.red_team_passed",
    "boolean",
    "model_version",
    test,
    evaluation,
    "Injection and leakage red-team ran and passed.",
  ),
  key(
    "eval.guardrails_on",
    "boolean",
    "model",
    auto,
    evaluation,
    "Input and output guardrails are switched on where it serves.",
  ),
  key(
    "eval.robustness_passed",
    "boolean",
    "model_version",
    test,
    evaluation,
    "Adversarial and poisoning tests passed.",
  ),
  key("vendor.model_id", "text", "either", test, delivery, "Exact id of the vendor's model that is called."),
  key(
    "vendor.pinned",
    "boolean",
    "either",
    test,
    delivery,
    "The vendor's model is pinned to an id, not to an alias that moves.",
  ),

  key("slo.count", "number", "model", auto, monitoring, "SLOs defined for the service.", "SLO"),
  key("slo.reporting", "boolean", "model", auto, monitoring, "All SLOs reported within the last 24 hours."),
  key("slo.error_budget_policy", "boolean", "model", document, monitoring, "An error-budget rule is agreed."),
  key("monitoring.rate", "boolean", "model", auto, monitoring, "Request rate is measured."),
  key("monitoring.errors", "boolean", "model", auto, monitoring, "Errors are measured."),
  key("monitoring.duration", "boolean", "model", auto, monitoring, "Latency or run time is measured."),
  key("monitoring.dashboard", "text", "model", test, monitoring, "Link to the dashboard."),
  key("alerts.routed", "boolean", "model", auto, onCall, "Symptom alerts have a route that ends at a person."),
  key("alerts.page_tested_at", "instant", "model", auto, onCall, "When a test page last reached a person."),
  key("drift.data_monitor_at", "instant", "model", auto, monitoring, "Last run of the input drift monitor."),
  key("drift.data_cadence_hours", "number", "model", auto, monitoring, "Cadence of the input drift monitor.", "hour"),
  key(
    "drift.concept_monitor_at",
    "instant",
    "model",
    auto,
    monitoring,
    "Last run of the prediction or concept drift monitor.",
  ),
  key("drift.concept_cadence_hours", "number", "model", auto, monitoring, "Cadence of that monitor.", "hour"),
  key(
    "drift.label_delay_days",
    "number",
    "model",
    document,
    monitoring,
    "How late labels arrive; 0 for a stated proxy.",
    "day",
  ),
  key("release.rollback_drilled_at", "instant", "model", drill, delivery, "When rollback was last drilled."),
  key("release.rollback_seconds", "number", "model", drill, delivery, "Measured time of that rollback.", "second"),
  key("release.rollout_steps", "number", "model", test, delivery, "Steps of the progressive rollout.", "step"),
  key("release.abort_rule", "boolean", "model", test, delivery, "The rollout aborts by itself on a breached metric."),
  key("oncall.covered_days", "number", "model", auto, onCall, "Days ahead without a gap in the rota.", "day"),
  key("oncall.escalation", "boolean", "model", auto, onCall, "The rota has an escalation step."),
  key(
    "security.open_critical_overdue",
    "number",
    "model",
    auto,
    security,
    "Open critical findings beyond the policy's days.",
    "finding",
  ),
  key("security.scanned_at", "instant", "model", auto, security, "When the assets were last scanned."),
  key("security.secrets_found", "number", "model", auto, security, "Secrets found in code and images.", "secret"),
  key("security.secrets_rotated_at", "instant", "model", auto, security, "Oldest rotation among the secrets in use."),
  key(
    "security.weights_encrypted",
    "boolean",
    "model",
    auto,
    security,
    "Weights are encrypted at rest and in transit by key policy.",
  ),
  key("security.weights_access_logged", "boolean", "model", auto, security, "Access to the weights is logged."),
  key(
    "data.class",
    "text",
    "model",
    null,
    dataPlatform,
    "The most delicate class of data: public, internal, personal, sensitive or special category.",
  ),
  key(
    "model.supplier",
    "text",
    "model",
    null,
    registry,
    "Who supplies the model or its weights, with the pinned release.",
  ),
  key("data.gates_blocking", "boolean", "model", auto, dataPlatform, "Quality gates stop the pipeline when they fail."),
  key("data.gates_last_run_at", "instant", "model", auto, dataPlatform, "When the gates last ran."),
  key("data.schema_training", "text", "either", test, dataPlatform, "Version of the feature schema in training."),
  key("data.schema_serving", "text", "either", test, dataPlatform, "Version of the feature schema in serving."),
  key(
    "data.retention_days",
    "number",
    "model",
    document,
    dataPlatform,
    "Days that data, logs and prompts are kept.",
    "day",
  ),
  key(
    "data.deletion_automated",
    "boolean",
    "model",
    document,
    dataPlatform,
    "Deletion runs by itself when retention ends.",
  ),
  key(
    "data.parity_mismatch",
    "number",
    "model",
    test,
    dataPlatform,
    "Share of features that differ between training and serving.",
  ),
  key("data.parity_threshold", "number", "model", document, dataPlatform, "Largest share that is accepted."),
  key(
    "repro.replay_matched",
    "boolean",
    "model_version",
    drill,
    delivery,
    "A replay from record matched within its tolerance.",
  ),
  key("cost.budget_monthly", "number", "model", document, billing, "Monthly budget.", "EUR"),
  key("cost.spend_monthly", "number", "model", auto, billing, "Spend in the last 30 days.", "EUR"),
  key(
    "cost.vector_search_monthly",
    "number",
    "model",
    auto,
    billing,
    "Spend on vector search in the last 30 days.",
    "EUR",
  ),
  key("cost.alert", "boolean", "model", test, billing, "An alert fires before the budget is spent."),
  key("cost.allocated_share", "number", "model", auto, billing, "Share of the cost that is tagged to this model."),
  key("cost.token_cap", "boolean", "model", test, billing, "A hard cap on token spend is set."),
  key("agent.tools_granted", "texts", "model", auto, delivery, "Tools and scopes granted to the agent."),
  key("agent.tools_allowed", "texts", "model", document, delivery, "Tools and scopes on the allow-list."),
  key("agent.limits_set", "boolean", "model", test, delivery, "Spend and step limits are set."),
  key(
    "agent.approval_for_irreversible",
    "boolean",
    "model",
    test,
    delivery,
    "Irreversible acts need a person's approval.",
  ),
  key("agent.trace_replayable", "boolean", "model", test, delivery, "Every action is traced and can be replayed."),
  key("agent.kill_switch_drilled_at", "instant", "model", test, delivery, "When the kill switch was last drilled."),

  key("deployment.covered", "boolean", "model", null, portal, "An allowed release covers what serves in production."),

  // What the portal knows of itself; computed at assessment from its own tables, never stored (lib/readiness/own-facts.ts).
  key("inventory.owner", "text", "model", null, portal, "Named owner."),
  key("inventory.owner_active", "boolean", "model", null, portal, "The owner is active in the directory."),
  key("inventory.backup_active", "boolean", "model", null, portal, "A backup owner is named and active."),
  key("inventory.team", "text", "model", null, portal, "Owning team."),
  key("risk.assessed_at", "instant", "model", null, portal, "When the risk questions were last answered."),
  key("risk.valid_until", "instant", "model", null, portal, "When the tier has to be re-scored."),
  key("risk.provisional", "boolean", "model", null, portal, "The tier rests on an unanswered question."),
  key("risk.blocked", "boolean", "model", null, portal, "The use is a prohibited practice."),
  key("pattern.adopted", "text", "model", null, portal, "Reference architecture followed, with its version."),
  key("pattern.deviates", "boolean", "model", null, portal, "The owner states deviations from it."),
  key("decision.accepted_adrs", "number", "model", null, portal, "Accepted decision records about the model.", "ADR"),
  key(
    "approval.self_approvals",
    "number",
    "model",
    null,
    portal,
    "Unrevoked approvals given by the requester or the trainer.",
    "approval",
  ),
  key(
    "lineage.datasets",
    "number",
    "model_version",
    null,
    registry,
    "Datasets that lineage ties to the version.",
    "dataset",
  ),
  ...monitoringKeys,
  ...pipelineKeys,
  ...qualityKeys,
  ...resultKeys,
  ...architectureKeys,
];

const byKey = new Map(catalogue.map((entry) => [entry.key, entry]));

export const factKey = (name: string): FactKey | null => byKey.get(name) ?? null;

/** The catalogue's key that an unknown one most likely meant: fewest edits, same family first; null if nothing is near. */
export function nearestKey(name: string): string | null {
  const family = name.split(".")[0] ?? "";
  const ranked = catalogue
    .map(({ key: known }) => ({ known, edits: distance(name, known) - (known.startsWith(`${family}.`) ? 2 : 0) }))
    .sort((a, b) => a.edits - b.edits || a.known.localeCompare(b.known));
  const best = ranked[0];
  return best && best.edits <= Math.max(3, name.length / 2) ? best.known : null;
}

/** Levenshtein distance; keys are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
