import { expect, test } from "vitest";
import { loadContent, newest } from "@/lib/content/load";
import { catalogue } from "@/lib/facts/catalogue";
import type { Fact, FactValue } from "@/lib/facts/fact";
import { compileCheck, evaluate } from "./check";
import { factsEnv } from "./facts-env";

const now = new Date("2026-11-20T09:00:00Z");
const fact = (key: string, value: FactValue): Fact => ({
  id: `fact:${key}`,
  subjectKind: "model",
  subjectId: "m",
  key,
  value,
  effectiveAt: now,
  collectedAt: now,
  recordedAt: now,
  source: { kind: "connection", id: "prom", name: "Prometheus prod-eu", runRef: null },
});
const why = (source: string, facts: Record<string, FactValue>) => {
  const compiled = compileCheck(source, factsEnv);
  if (!compiled.ok) throw new Error(compiled.message);
  return evaluate(
    compiled.check,
    Object.entries(facts).map(([key, value]) => fact(key, value)),
    now,
  ).why;
};

test.each([
  ["monitoring.errors", { "monitoring.errors": false }, "Not so: errors are measured."],
  ["!risk.blocked", { "risk.blocked": true }, "The use is a prohibited practice."],
  ["monitoring.dashboard != ''", { "monitoring.dashboard": "" }, "Link to the dashboard: none is given."],
  [
    "oncall.covered_days >= 30.0",
    { "oncall.covered_days": 12 },
    "Days ahead without a gap in the rota: 12; it must be at least 30.",
  ],
  [
    "artifact.format != 'pickle'",
    { "artifact.format": "pickle" },
    "Serialisation format, e.g. safetensors, onnx, pickle: pickle; it must not be pickle.",
  ],
  [
    "data.parity_mismatch <= data.parity_threshold",
    { "data.parity_mismatch": 0.004, "data.parity_threshold": 0.001 },
    "Share of features that differ between training and serving: 0.004; it must be at most 0.001 (largest share that is accepted).",
  ],
  [
    "now - alerts.page_tested_at < duration('2160h')",
    { "alerts.page_tested_at": "2026-06-01T08:30:00Z" },
    "When a test page last reached a person: 1 Jun 2026 08:30 UTC; it may be at most 90 days ago.",
  ],
])("%s says what was found and what it must be", (source, facts, words) => {
  expect(why(source, facts)).toBe(`${words} (Prometheus prod-eu)`);
});

test("no answer of the checklist shows an expression or the name of a fact in place of words", () => {
  const checklist = newest(loadContent().checklists, "production-readiness");
  for (const item of checklist?.items ?? []) {
    if (!item.check) continue;
    const bad = Object.fromEntries(
      catalogue
        .filter((k) => item.check?.includes(k.key))
        .map((k): [string, FactValue] => [
          k.key,
          k.type === "number"
            ? 0
            : k.type === "instant"
              ? "2020-01-01T00:00:00Z"
              : k.type === "texts"
                ? ["other"]
                : k.type === "boolean"
                  ? false
                  : "",
        ]),
    );
    const said = why(item.check, bad);
    expect(said, item.id).not.toMatch(/&&|\|\||==|duration\(|\b[a-z]+\.[a-z]+_[a-z]+/);
  }
});
