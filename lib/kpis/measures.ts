import "server-only";
import { loadContent } from "@/lib/content/load";
import type { Kpi } from "@/lib/content/schemas";
import {
  changeFailureRate,
  deploymentFrequency,
  type History,
  patternAdoption,
  readinessCompliance,
  reviewCycleTime,
} from "./formulas";
import type { Row, Rule } from "./kpi";

/** How a KPI is worked out from what happened. KPIs without a measure wait for a system to be connected. */
export type Measure = { n: number; kind: Rule["kind"]; rows: (history: History) => Row[]; window: number };

/** The five KPIs that the portal's own records decide; `window` in days. */
const measures: readonly Measure[] = [
  { n: 1, kind: "share", rows: patternAdoption, window: 182 },
  { n: 2, kind: "median", rows: reviewCycleTime, window: 91 },
  { n: 3, kind: "share", rows: readinessCompliance, window: 0 },
  { n: 4, kind: "share", rows: deploymentFrequency, window: 90 },
  { n: 5, kind: "share", rows: changeFailureRate, window: 91 },
];

export type Definition = { kpi: Kpi; measure: Measure | null };

/** The 18 KPIs in the order of content/kpis, each with its measure where there is one. */
export function definitions(): Definition[] {
  const file = loadContent().kpis[0];
  if (!file) throw new Error("content/kpis has no file; the KPI page needs its definitions.");
  return file.kpis.map((kpi) => ({ kpi, measure: measures.find((m) => m.n === kpi.n) ?? null }));
}

export const ruleOf = (kpi: Kpi, measure: Measure): Rule => ({
  id: kpi.id,
  family: kpi.family,
  kind: measure.kind,
  target: { min: kpi.target.low, max: kpi.direction === "band" ? null : kpi.target.high },
  minimumN: kpi.min_n,
  methodVersion: kpi.method_version,
});
