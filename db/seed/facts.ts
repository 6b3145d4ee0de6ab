import { between, pick, randomFor } from "@/lib/core/random";
import { factKey } from "@/lib/facts/catalogue";
import type { SeedVersion } from "./inventory";

type Value = string | number | boolean | string[] | Record<string, number>;
type Pushed = { model: string; version?: string; key: string; value: Value; effectiveAt: string };

const ago = (at: Date, days: number): string => new Date(at.getTime() - days * 86_400_000).toISOString();

/** What the systems around a model report on a day, when everything is in order. `leaveOut` names key prefixes nobody reports. */
export function observations(
  v: SeedVersion,
  at: Date,
  leaveOut: readonly string[] = [],
  spoil: Readonly<Record<string, number | boolean>> = {},
): Pushed[] {
  const m = v.model;
  const r = randomFor(`${m.name} ${v.version} facts`);
  const generative = m.kind === "llm_app" || m.kind === "rag" || m.kind === "agent";
  const gap = between(r, 1, 4) / 100;
  const values: Record<string, Value> = {
    "slo.count": between(r, 2, 4),
    "slo.reporting": true,
    "slo.error_budget_policy": true,
    "monitoring.rate": true,
    "monitoring.errors": true,
    "monitoring.duration": true,
    "monitoring.dashboard": `https://dash.halden.example/d/${m.name}`,
    "alerts.routed": true,
    "alerts.page_tested_at": ago(at, between(r, 5, 60)),
    "drift.data_monitor_at": ago(at, 0.2),
    "drift.data_cadence_hours": 24,
    "drift.concept_monitor_at": ago(at, 0.5),
    "drift.concept_cadence_hours": 24,
    "drift.label_delay_days": between(r, 1, 60),
    "release.rollback_drilled_at": ago(at, between(r, 10, 120)),
    "release.rollback_seconds": between(r, 40, 560),
    "release.rollout_steps": 3,
    "release.abort_rule": true,
    "oncall.covered_days": between(r, 31, 60),
    "oncall.escalation": true,
    "security.open_critical_overdue": 0,
    "security.scanned_at": ago(at, between(r, 0, 6)),
    "security.secrets_found": 0,
    "security.secrets_rotated_at": ago(at, between(r, 10, 70)),
    "security.weights_encrypted": true,
    "security.weights_access_logged": true,
    "data.gates_blocking": true,
    "data.gates_last_run_at": ago(at, 0.3),
    "data.schema_training": `v${between(r, 3, 12)}`,
    "data.schema_serving": "",
    "data.retention_days": 400,
    "data.deletion_automated": true,
    "data.parity_mismatch": between(r, 1, 7) / 10_000,
    "data.parity_threshold": 0.001,
    "cost.budget_monthly": between(r, 600, 9000),
    "cost.alert": true,
    "cost.allocated_share": between(r, 91, 99) / 100,
    "cost.token_cap": true,
    "artifact.signature_verified": true,
    "artifact.format": m.platform === "on_prem" ? "onnx" : pick(r, ["onnx", "safetensors", "native booster"]),
    "artifact.scan_clean": true,
    "artifact.ml_bom": `sha256:${v.digest.slice(0, 40)}`,
    "run.params": { learning_rate: between(r, 1, 9) / 100, rounds: between(r, 100, 900) },
    "run.seed": String(between(r, 1, 99_999)),
    "run.environment": `env-2026.${between(r, 1, 9)}`,
    "run.datasets": [`${m.name}-training-${1 + Math.floor(r() * 4)}`, "customer-reference"],
    "run.dataset_digests": [`${v.digest.slice(0, 16)}`, `${v.digest.slice(16, 32)}`],
    "repro.replay_matched": true,
    "eval.beats_baseline": true,
    "eval.thresholds_met": true,
    "eval.slices": between(r, 4, 12),
    "eval.independent": true,
    "eval.fairness_gap": gap,
    "eval.robustness_passed": true,
  };
  values["data.schema_serving"] = values["data.schema_training"] ?? "";
  if (generative) {
    Object.assign(values, {
      "eval.suite_passed": true,
      "eval.red_team_passed": true,
      "eval.guardrails_on": true,
      "vendor.model_id": m.platform === "on_prem" ? "open-8b-2026-03" : "hosted-large-2026-06-01",
      "vendor.pinned": true,
    });
  }
  if (m.kind === "agent") {
    Object.assign(values, {
      "agent.tools_granted": ["card.block", "card.reorder"],
      "agent.tools_allowed": ["card.block", "card.reorder", "case.note", "handover.request"],
      "agent.limits_set": true,
      "agent.approval_for_irreversible": true,
      "agent.trace_replayable": true,
      "agent.kill_switch_drilled_at": ago(at, 20),
    });
  }
  return Object.entries({ ...values, ...spoil }).flatMap(([key, value]): Pushed[] => {
    if (leaveOut.some((prefix) => key.startsWith(prefix))) return [];
    const known = factKey(key);
    if (!known) throw new Error(`The fact catalogue has no ${key}.`);
    return [
      {
        model: m.name,
        key,
        value,
        effectiveAt: at.toISOString(),
        ...(known.about === "model" ? {} : { version: v.version }),
      },
    ];
  });
}
