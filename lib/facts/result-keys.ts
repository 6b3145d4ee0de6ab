import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto, test } = maxAge;
const { delivery, evaluation, security } = knownBy;

/** What results of benchmarks, load tests and canaries, and scans for vulnerabilities say (lib/results, lib/scans). */
export const resultKeys = [
  key("benchmark.ran_at", "instant", "model_version", test, evaluation, "When the version was last benchmarked."),
  key(
    "benchmark.latency_p99_ms",
    "number",
    "model_version",
    test,
    evaluation,
    "99th percentile of its latency.",
    "millisecond",
  ),
  key("benchmark.throughput", "number", "model_version", test, evaluation, "Requests it answered a second.", "request"),
  key("loadtest.ran_at", "instant", "model_version", test, delivery, "When the version was last tested under load."),
  key("loadtest.peak_multiple", "number", "model_version", test, delivery, "Load of that test, in expected peaks."),
  key(
    "loadtest.within_slo",
    "boolean",
    "model_version",
    test,
    delivery,
    "It stayed within its objectives under that load.",
  ),
  key(
    "loadtest.error_share",
    "number",
    "model_version",
    test,
    delivery,
    "Share of requests that failed under that load.",
  ),
  key(
    "loadtest.latency_p99_ms",
    "number",
    "model_version",
    test,
    delivery,
    "99th percentile of latency under that load.",
    "millisecond",
  ),
  key("canary.ran_at", "instant", "model_version", test, delivery, "When the last canary of the version ended."),
  key(
    "canary.passed",
    "boolean",
    "model_version",
    test,
    delivery,
    "That canary was not aborted and kept to its limits.",
  ),
  key("canary.traffic_share", "number", "model_version", test, delivery, "Largest share of traffic that it served."),
  key("canary.minutes", "number", "model_version", test, delivery, "How long it ran.", "minute"),
  key("security.open_critical", "number", "model", auto, security, "Open critical findings.", "finding"),
  key("security.open_high", "number", "model", auto, security, "Open findings of high severity.", "finding"),
];
