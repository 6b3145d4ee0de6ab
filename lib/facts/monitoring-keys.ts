import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto, test } = maxAge;
const { delivery, monitoring, onCall } = knownBy;

/** What service levels, latency, drift, incidents and deployments say, as sources of facts read them (lib/connectors/prometheus, pagerduty, servicenow, github, sagemaker-monitor). */
export const monitoringKeys = [
  key(
    "slo.attainment",
    "number",
    "model",
    auto,
    monitoring,
    "Share that was good over the window of the SLO that stands worst.",
  ),
  key("slo.attainments", "numbers", "model", auto, monitoring, "Share that was good, by SLO."),
  key("slo.objective", "number", "model", auto, monitoring, "Share that this SLO asks for."),
  key(
    "slo.error_budget_remaining",
    "number",
    "model",
    auto,
    monitoring,
    "Share of the error budget that is left: 1 untouched, 0 used up, below 0 overspent.",
  ),
  key("slo.window_days", "number", "model", auto, monitoring, "Window of this SLO.", "day"),
  key("slo.worst", "text", "model", auto, monitoring, "The SLO that has least of its error budget left."),
  key("serving.latency_p50_ms", "number", "model", auto, monitoring, "Median latency.", "millisecond"),
  key("serving.latency_p95_ms", "number", "model", auto, monitoring, "95th percentile of latency.", "millisecond"),
  key("serving.latency_p99_ms", "number", "model", auto, monitoring, "99th percentile of latency.", "millisecond"),
  key(
    "drift.data_violated",
    "boolean",
    "model",
    auto,
    monitoring,
    "The last run of the input drift monitor found drift.",
  ),
  key(
    "drift.concept_violated",
    "boolean",
    "model",
    auto,
    monitoring,
    "The last run of the prediction or concept drift monitor found drift.",
  ),
  key("incident.count", "number", "model", auto, onCall, "Incidents of the last 30 days.", "incident"),
  key("incident.count_quarter", "number", "model", auto, onCall, "Incidents of the last 90 days.", "incident"),
  key(
    "incident.open",
    "number",
    "model",
    auto,
    onCall,
    "Incidents of the last 30 days that are still open.",
    "incident",
  ),
  key("incident.resolve_minutes", "number", "model", auto, onCall, "Median time to resolve them.", "minute"),
  key("delivery.deployments", "number", "model", auto, delivery, "Deployments to production in 30 days.", "deployment"),
  key("delivery.deployed_at", "instant", "model", test, delivery, "When production was last deployed successfully."),
];
