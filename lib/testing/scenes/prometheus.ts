import { startFakePrometheus } from "@/lib/testing/fakes/prometheus";
import { type SourceScene, sceneModel } from "@/lib/testing/source-scene";

export const prometheusScene: SourceScene = {
  start: () => {
    const fraud = { sloth_id: "f", sloth_service: "fraud", sloth_slo: "requests", countersign_model: sceneModel };
    const idle = { sloth_id: "i", sloth_service: "idle", sloth_slo: "requests" };
    const window = { sloth_window: "30d" };
    return startFakePrometheus([
      { metric: "slo:objective:ratio", labels: fraud, value: "0.99" },
      { metric: "slo:objective:ratio", labels: idle, value: "0.99" },
      { metric: "slo:sli_error:ratio_rate", labels: { ...fraud, ...window }, value: "0.0025" },
      { metric: "slo:sli_error:ratio_rate", labels: { ...idle, ...window }, value: "NaN" },
    ]);
  },
  auth: "bearer",
  secret: "let-me-in",
  denied: /query/,
  missing: "read access to /api/v1/query",
  told: { "slo.count": 1, "slo.reporting": true, "slo.attainment": 0.9975, "slo.error_budget_remaining": 0.75 },
  unmatched: "idle",
};
