import type { BadRecord } from "./registry";
import { badRecord } from "./sift";
import type { Observation, SeenSubject } from "./source";

/** An SLO as a source tells it, whichever tool wrote it. Ratios from 0 to 1. */
export type Slo = {
  service: string;
  declared: string | null;
  name: string;
  objective: number;
  windowDays: number;
  /** Share that was good over the window; null: not known. */
  attainment: number | null;
  /** The sample's own time; null: there was none lately. */
  at: Date | null;
  /** An agreed error-budget rule that the definition refers to. */
  policy: string | null;
  /** The query. */
  asked: string;
  /** The file that defines it, with its commit; null: the source defines it itself. */
  definedIn: string | null;
};

/** An SLO that has not told anything for so long is not reporting. */
const silentMs = 24 * 3_600_000;

const digits = (value: number, places: number): number => Number(value.toFixed(places));

/** The share of the error budget that is left: 1 untouched, 0 used up, negative overspent. */
export const budgetLeft = (attainment: number, objective: number): number =>
  objective >= 1 ? (attainment >= 1 ? 1 : -1) : 1 - (1 - attainment) / (1 - objective);

/**
 * What a service's SLOs say together. Where there are several, the single numbers are those of the one with the least budget left,
 * which `slo.worst` names; `slo.attainments` holds each.
 */
export function subjectOf(slos: readonly Slo[], now: Date): SeenSubject | null {
  const [first] = slos;
  if (!first) return null;
  const read = now.toISOString();
  const reporting = (s: Slo) => s.attainment !== null && s.at !== null && now.getTime() - s.at.getTime() < silentMs;
  const silent = slos.filter((s) => !reporting(s));
  const names = (list: readonly Slo[]) =>
    list
      .map((s) => s.name)
      .join(", ")
      .slice(0, 300);
  const files = new Set(slos.flatMap((s) => s.definedIn ?? []));
  const observations: Observation[] = [
    {
      key: "slo.count",
      value: slos.length,
      effectiveAt: read,
      detail: `SLOs of ${first.service}: ${names(slos)}${files.size > 0 ? `; defined in ${[...files].join(", ").slice(0, 1000)}` : ""}`,
    },
    {
      key: "slo.reporting",
      value: silent.length === 0,
      effectiveAt: read,
      detail:
        silent.length === 0 ? "each told something within 24 hours" : `nothing within 24 hours from ${names(silent)}`,
    },
    { key: "monitoring.errors", value: silent.length < slos.length, effectiveAt: read, detail: `by ${names(slos)}` },
  ];
  const policy = slos.find((s) => s.policy !== null)?.policy;
  if (policy && slos.every((s) => s.policy !== null))
    observations.push({ key: "slo.error_budget_policy", value: true, effectiveAt: read, detail: policy });
  const measured = slos.flatMap((s) =>
    s.attainment === null || s.at === null
      ? []
      : [{ ...s, attainment: s.attainment, at: s.at, left: budgetLeft(s.attainment, s.objective) }],
  );
  const worst = measured.reduce<(typeof measured)[number] | null>((a, b) => (a && a.left <= b.left ? a : b), null);
  if (worst) {
    const from = worst.definedIn ? `; defined in ${worst.definedIn}` : "";
    const detail = `${worst.name}, over ${worst.windowDays} days: ${worst.asked.slice(0, 1500)}${from}`.slice(0, 2000);
    const effectiveAt = worst.at.toISOString();
    const one = (key: string, value: Observation["value"]) => observations.push({ key, value, effectiveAt, detail });
    one("slo.attainment", digits(worst.attainment, 5));
    one("slo.objective", digits(worst.objective, 6));
    one("slo.error_budget_remaining", digits(worst.left, 3));
    one("slo.window_days", digits(worst.windowDays, 3));
    one("slo.worst", worst.name.slice(0, 2000));
    one(
      "slo.attainments",
      Object.fromEntries(measured.slice(0, 500).map((s) => [s.name.slice(0, 250), digits(s.attainment, 5)])),
    );
  }
  return { subject: first.service, declared: first.declared, observations };
}

/** A value that says nothing, kept apart. */
export const notFinite = (key: string, text: string, raw: unknown): BadRecord =>
  badRecord("facts", key, `value: ${text} is no number; was there any traffic in its window?`, raw);
