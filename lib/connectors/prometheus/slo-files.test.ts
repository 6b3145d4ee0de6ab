import { expect, test } from "vitest";
import { budgetLeft, type Slo, subjectOf } from "@/lib/connectors/slo";
import { inWindow, parseSloFile } from "./slo-files";

const label = "countersign_model";

test("Sloth's own form and its Kubernetes form say the same", () => {
  const plain = parseSloFile(
    `version: prometheus/v1
service: fraud
labels: { countersign_model: card-fraud }
slos:
  - { name: requests, objective: 99.9, sli: { events: { error_query: "e[{{.window}}]", total_query: "t[{{.window}}]" } } }
  - { name: raw, objective: 95, sli: { raw: { error_ratio_query: "r" } } }
`,
    label,
  );
  const object = parseSloFile(
    `apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: { name: fraud }
spec:
  service: fraud
  labels: { countersign_model: card-fraud }
  slos:
    - { name: requests, objective: 99.9, sli: { events: { errorQuery: "e[{{.window}}]", totalQuery: "t[{{.window}}]" } } }
    - { name: raw, objective: 95, sli: { raw: { errorRatioQuery: "r" } } }
`,
    label,
  );
  expect(plain.faults).toEqual([]);
  expect(plain).toEqual(object);
  expect(plain.slos).toMatchObject([
    { service: "fraud", name: "requests", objective: 0.999, windowDays: 30, declared: "card-fraud" },
    { name: "raw", query: "1 - (r)" },
  ]);
  expect(plain.slos[0] && inWindow(plain.slos[0], "30d")).toBe("1 - ((e[30d]) or 0 * (t[30d])) / (t[30d])");
});

test("Pyrra: ratio, latency and gauge over its window", () => {
  const of = (indicator: string) =>
    parseSloFile(
      `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: churn, labels: { service: churn-svc } }
spec: { target: "99", window: 4w, indicator: ${indicator} }
`,
      label,
    );
  expect(of("{ ratio: { errors: { metric: 'e{}' }, total: { metric: 't{}' } } }").slos).toMatchObject([
    {
      service: "churn-svc",
      objective: 0.99,
      windowDays: 28,
      query: "1 - ((sum(rate(e{}[{{.window}}]))) or 0 * (sum(rate(t{}[{{.window}}])))) / (sum(rate(t{}[{{.window}}])))",
    },
  ]);
  expect(of("{ latency: { success: { metric: s }, total: { metric: t } } }").slos).toHaveLength(1);
  expect(of("{ bool_gauge: { metric: up } }").slos[0]?.query).toContain("count_over_time(up[{{.window}}])");
  expect(of("{}").faults).toEqual(["document 1, spec.indicator: give ratio, latency or bool_gauge."]);
});

test("OpenSLO: an indicator of its own document, a threshold, and what is asked when a query has no window", () => {
  const { slos, faults } = parseSloFile(
    `apiVersion: openslo/v1
kind: SLI
metadata: { name: good-answers }
spec:
  ratioMetric:
    counter: true
    good: { metricSource: { spec: { query: g } } }
    total: { metricSource: { spec: t } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: answers, annotations: { countersign/model: pricing } }
spec:
  service: pricing
  indicatorRef: good-answers
  timeWindow: [{ duration: 1M }]
  objectives: [{ displayName: strict, target: 0.99 }, { targetPercent: 95 }]
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: fast }
spec:
  service: pricing
  indicator: { spec: { thresholdMetric: { metricSource: { spec: { query: p99 } } } } }
  objectives: [{ target: 0.9, op: lte, value: 0.3 }]
`,
    label,
  );
  expect(faults).toEqual([]);
  expect(slos.map((s) => [s.name, s.objective, s.windowDays, s.declared, s.query])).toEqual([
    ["answers/strict", 0.99, 30, "pricing", "(increase((g)[{{.window}}:5m])) / (increase((t)[{{.window}}:5m]))"],
    ["answers/2", 0.95, 30, "pricing", "(increase((g)[{{.window}}:5m])) / (increase((t)[{{.window}}:5m]))"],
    ["fast", 0.9, 30, null, "avg_over_time(((p99) <= bool 0.3)[{{.window}}:5m])"],
  ]);
});

test("an alias bomb, a broken document and a document of nothing are faults with their place", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
    .split("")
    .map((c, i) => `${c}: &${c} [${Array(10).fill(`*${"abcdefghi"[i]}`).join(",")}]`)
    .join("\n")}`;
  expect(parseSloFile(bomb, label).faults).toEqual([expect.stringContaining("document 1")]);
  expect(parseSloFile("x: [", label).faults).toEqual([expect.stringContaining("document 1")]);
  expect(parseSloFile("- 1", label).faults).toHaveLength(1);
  expect(parseSloFile("", label)).toEqual({ slos: [], faults: [] });
});

test("the budget that is left, and the worst SLO speaks", () => {
  expect(budgetLeft(0.9995, 0.999)).toBeCloseTo(0.5);
  expect(budgetLeft(0.998, 0.999)).toBeCloseTo(-1);
  expect([budgetLeft(1, 1), budgetLeft(0.9, 1)]).toEqual([1, -1]);
  const now = new Date("2026-11-20T12:00:00Z");
  const slo = (name: string, attainment: number | null, hoursAgo: number | null): Slo => ({
    service: "svc",
    declared: null,
    name,
    objective: 0.99,
    windowDays: 28,
    attainment,
    at: hoursAgo === null ? null : new Date(now.getTime() - hoursAgo * 3_600_000),
    policy: null,
    definedIn: null,
    asked: "q",
  });
  const told = (slos: Slo[]) =>
    Object.fromEntries(subjectOf(slos, now)?.observations.map((o) => [o.key, o.value]) ?? []);
  expect(told([slo("a", 0.999, 1), slo("b", 0.992, 23)])).toMatchObject({
    "slo.count": 2,
    "slo.reporting": true,
    "slo.worst": "b",
    "slo.error_budget_remaining": 0.2,
    "slo.attainments": { a: 0.999, b: 0.992 },
  });
  expect(told([slo("a", 0.999, 1), slo("b", 0.99, 25)])).toMatchObject({ "slo.reporting": false });
  const silent = told([slo("a", null, null)]);
  expect(silent).toMatchObject({ "slo.reporting": false, "monitoring.errors": false });
  expect(Object.keys(silent)).not.toContain("slo.attainment");
});
