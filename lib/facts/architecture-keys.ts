import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto, test, drill, document } = maxAge;
const { monitoring, security, delivery, evaluation, dataPlatform } = knownBy;

/** Facts that the reference architectures in content/patterns ask for, beyond those of the readiness checklist. */
export const architectureKeys = [
  key(
    "batch.output_versioned",
    "boolean",
    "model",
    test,
    dataPlatform,
    "Each run writes its own version of the output.",
  ),
  key("batch.published_at", "instant", "model", auto, dataPlatform, "When the last run was published to consumers."),
  key("batch.cadence_hours", "number", "model", document, dataPlatform, "How often a run is due.", "hour"),
  key("batch.completeness", "number", "model", auto, dataPlatform, "Share of the eligible population in the last run."),

  key(
    "serving.latency_ms",
    "number",
    "model",
    auto,
    monitoring,
    "Latency at the objective's percentile.",
    "millisecond",
  ),
  key(
    "serving.latency_budget_ms",
    "number",
    "model",
    document,
    monitoring,
    "Latency that the caller allows.",
    "millisecond",
  ),
  key("serving.default_share", "number", "model", auto, monitoring, "Share of answers that used the default."),
  key("serving.fallback_drilled_at", "instant", "model", drill, delivery, "When the caller last ran on its default."),
  key("serving.zones", "number", "model", auto, delivery, "Availability zones with a ready replica.", "zone"),
  key("serving.predictions_logged", "boolean", "model", auto, monitoring, "Inputs, version and answer are logged."),

  key(
    "stream.lag_seconds",
    "number",
    "model",
    auto,
    monitoring,
    "Age of the oldest unread event, worst hour.",
    "second",
  ),
  key("stream.lag_budget_seconds", "number", "model", document, monitoring, "Largest age that is accepted.", "second"),
  key("stream.schema_enforced", "boolean", "model", test, dataPlatform, "Events that break their schema are refused."),
  key("stream.dead_letter_share", "number", "model", auto, monitoring, "Share of events set aside as unreadable."),
  key("stream.replay_drilled_at", "instant", "model", drill, dataPlatform, "When state was last rebuilt from the log."),

  key(
    "features.as_of_joins",
    "boolean",
    "model_version",
    null,
    dataPlatform,
    "Training rows were joined as of event time.",
  ),
  key("features.leakage_test_passed", "boolean", "model_version", null, evaluation, "The leakage test ran and passed."),
  key("features.fresh_share", "number", "model", auto, dataPlatform, "Share of lookups within their declared age."),
  key("features.default_share", "number", "model", auto, dataPlatform, "Share of lookups that returned a default."),

  key("pipeline.gates_in_ci", "boolean", "model", test, delivery, "Data, feature and model tests stop the pipeline."),
  key("pipeline.last_success_at", "instant", "model", auto, delivery, "When the training pipeline last succeeded."),
  key("pipeline.cadence_hours", "number", "model", document, delivery, "How often it is due at the latest.", "hour"),
  key("pipeline.promotes_by_gate", "boolean", "model", test, delivery, "Only a gate's allow moves the serving alias."),

  key("experiment.holdout_share", "number", "model", test, evaluation, "Share of traffic held out as a control."),
  key("experiment.exploration_share", "number", "model", test, evaluation, "Share of answers chosen to explore."),
  key("experiment.guardrails_set", "boolean", "model", test, evaluation, "Metrics that stop an experiment are fixed."),
  key("experiment.test_set_sealed", "boolean", "model", document, evaluation, "Tuning cannot read the final test set."),
  key("experiment.trials", "number", "model_version", null, evaluation, "Trials behind this version.", "trial"),
  key("experiment.trial_cap", "boolean", "model", test, delivery, "A study stops at its cap of trials and money."),

  key("detection.precision", "number", "model", auto, monitoring, "Share of judged alerts that were right, 28 days."),
  key("detection.judged_share", "number", "model", auto, monitoring, "Share of alerts a person judged, 28 days."),
  key("detection.alerts_per_day", "number", "model", auto, monitoring, "Alerts raised a day, 28 days.", "alert"),
  key("detection.alert_budget", "number", "model", document, monitoring, "Alerts a day people can judge.", "alert"),

  key("forecast.folds", "number", "model_version", null, evaluation, "Rolling-origin folds of the back-test.", "fold"),
  key("forecast.coverage", "number", "model", test, evaluation, "Share of outcomes inside the stated interval."),
  key("forecast.coverage_nominal", "number", "model", document, evaluation, "Share the interval promises."),
  key("forecast.bias", "number", "model", test, evaluation, "Sum of errors over sum of outcomes, signed."),

  key("retrieval.rights_in_query", "boolean", "model", test, delivery, "The reader's rights filter inside the search."),
  key("retrieval.leak_test_at", "instant", "model", auto, evaluation, "When the rights-leak test last passed."),
  key(
    "retrieval.index_lag_hours",
    "number",
    "model",
    auto,
    dataPlatform,
    "Age of the oldest unindexed change.",
    "hour",
  ),
  key("eval.groundedness", "number", "either", test, evaluation, "Share of sampled claims that a source supports."),

  key("privacy.erasure_days", "number", "model", test, dataPlatform, "Slowest erasure to take effect, 90 days.", "day"),
  key(
    "privacy.consent_at_request",
    "boolean",
    "model",
    test,
    delivery,
    "A person's refusal takes effect at the request.",
  ),
  key("privacy.redaction_recall", "number", "model", test, evaluation, "Share of labelled personal data redacted."),

  key("agent.tool_schemas_pinned", "boolean", "model", test, delivery, "Tool descriptions are pinned by hash."),
  key("agent.acts_as_user", "boolean", "model", test, delivery, "Calls carry the user's own, narrowed identity."),

  key("gateway.only_path", "boolean", "model", auto, security, "Providers can be reached through the gateway only."),
  key("gateway.fallback_drilled_at", "instant", "model", drill, delivery, "When a provider's loss was last drilled."),
  key(
    "gateway.fallback_evaluated",
    "boolean",
    "model",
    test,
    evaluation,
    "The second route passed the same evaluation.",
  ),

  key(
    "platform.manifests_shared",
    "boolean",
    "model",
    test,
    delivery,
    "All clusters run one base with declared overlays.",
  ),
  key("platform.exit_drilled_at", "instant", "model", document, delivery, "When it last ran at the second provider."),

  key(
    "security.key_release_attested",
    "boolean",
    "model",
    auto,
    security,
    "Keys are released to attested workloads only.",
  ),
  key("security.egress_denied", "boolean", "model", auto, security, "Egress is denied unless it is listed."),
  key(
    "security.workload_identity",
    "boolean",
    "model",
    auto,
    security,
    "Every call carries a short-lived workload identity.",
  ),
  key(
    "security.key_rotated_at",
    "instant",
    "model",
    document,
    security,
    "When the key-encryption key was last rotated.",
  ),

  key("resilience.regions", "number", "model", auto, delivery, "Regions with a ready deployment.", "region"),
  key("resilience.failover_drilled_at", "instant", "model", drill, delivery, "When failover was last drilled."),
  key("resilience.failover_seconds", "number", "model", drill, delivery, "Measured time of that failover.", "second"),
  key("resilience.rto_seconds", "number", "model", document, delivery, "Recovery time that was promised.", "second"),
  key(
    "resilience.spare_share",
    "number",
    "model",
    drill,
    delivery,
    "Share of peak carried with the largest region gone.",
  ),
  key("resilience.restore_tested_at", "instant", "model", document, delivery, "When a restore was last tested."),
];
