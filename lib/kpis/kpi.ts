/**
 * Vocabulary and arithmetic of KPIs (governance.md section 5.1, the honest-dashboard contract).
 * A KPI is computed from rows: the eligible population, each row met, not met, unknown or excluded, with its reason.
 */
export const kpiStatuses = ["met", "missed", "cannot_tell", "not_measured", "too_few"] as const;
export type KpiStatus = (typeof kpiStatuses)[number];

/** Inclusive edges; null where the target is open. In the KPI's own unit. */
export type Target = { min: number | null; max: number | null };

/** One member of the population, shown in the drill-down. */
export type Row = {
  id: string;
  label: string;
  href: string;
  unitId: string | null;
  /** met: counts in the numerator (for a failure rate, that is a failure). */
  state: "met" | "not_met" | "unknown" | "excluded";
  /** Why unknown or excluded, or what made it met or not met, in words. */
  why: string;
  /** The measured value where the KPI is about values (business days, days between). */
  value: number | null;
  at: Date | null;
};

export type Family = "compliance" | "performance";

/** What a tile needs of a definition; the words live in content/kpis. */
export type Rule = {
  id: string;
  family: Family;
  /** share: percent of rows that are met. median: median of the rows' values. */
  kind: "share" | "median";
  target: Target;
  minimumN: number;
  methodVersion: string;
};

export type Result = {
  kpi: string;
  methodVersion: string;
  scope: string;
  window: { from: string; to: string };
  asOf: string;
  eligible: number;
  known: number;
  met: number;
  notMet: number;
  unknownByCause: Record<string, number>;
  excludedByReason: Record<string, number>;
  /** Percent for a share, the unit's number for a median; null when there is nothing to say. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** known / eligible, 0 to 1; null for an empty population. */
  coverage: number | null;
  n: number;
  status: KpiStatus;
};

const countBy = (rows: readonly Row[]): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const row of rows) out[row.why] = (out[row.why] ?? 0) + 1;
  return out;
};

/** Median of numbers in any order; null for none. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/** Linear-interpolated quantile (type 7, as R and spreadsheets). */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Wilson score interval of a share, 95 %, in percent (for n < 200; governance.md 5.1). */
export function wilson(met: number, n: number): { low: number; high: number } | null {
  if (n === 0) return null;
  const z = 1.959964;
  const p = met / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: 100 * Math.max(0, centre - half), high: 100 * Math.min(1, centre + half) };
}

type Frame = { scope: string; window: { from: string; to: string }; asOf: string };

/** The result of a rule over its rows. Rows of a median that are unknown carry the value reached so far (an open review's age). */
export function compute(rule: Rule, rows: readonly Row[], frame: Frame): Result {
  const eligibleRows = rows.filter((r) => r.state !== "excluded");
  const knownRows = eligibleRows.filter((r) => r.state !== "unknown");
  const unknownRows = eligibleRows.filter((r) => r.state === "unknown");
  const met = knownRows.filter((r) => r.state === "met").length;
  const eligible = eligibleRows.length;
  const known = knownRows.length;
  const base = {
    kpi: rule.id,
    methodVersion: rule.methodVersion,
    ...frame,
    eligible,
    known,
    met,
    notMet: known - met,
    unknownByCause: countBy(unknownRows),
    excludedByReason: countBy(rows.filter((r) => r.state === "excluded")),
    coverage: eligible === 0 ? null : known / eligible,
    n: known,
  };
  const numbers = rule.kind === "share" ? shareOf(rule, met, known, eligible) : medianOf(knownRows, unknownRows);
  return { ...base, ...numbers, status: statusOf(rule, { ...numbers, n: known, eligible, coverage: base.coverage }) };
}

type Numbers = { value: number | null; low: number | null; high: number | null };

function shareOf(rule: Rule, met: number, known: number, eligible: number): Numbers {
  if (eligible === 0) return { value: null, low: null, high: null };
  const low = (100 * met) / eligible;
  const high = (100 * (met + eligible - known)) / eligible;
  // Compliance: what nobody measured counts against; performance: the share over what is known.
  const value = rule.family === "compliance" ? low : known === 0 ? null : (100 * met) / known;
  return { value, low, high };
}

function medianOf(knownRows: readonly Row[], unknownRows: readonly Row[]): Numbers {
  const values = knownRows.flatMap((r) => (r.value === null ? [] : [r.value]));
  const soFar = unknownRows.flatMap((r) => (r.value === null ? [] : [r.value]));
  const value = median(values);
  // What is still open has taken at least this long: the median with it is where the figure is heading.
  const withOpen = median([...values, ...soFar.map((age) => Math.max(age, value ?? age))]);
  return { value, low: value, high: withOpen };
}

/**
 * met if the worst case meets the target, missed if the best case does not, otherwise cannot tell. Under the minimum n: too few.
 * A performance KPI is never met under 80 % coverage.
 */
export function statusOf(
  rule: Rule,
  result: Numbers & { n: number; eligible: number; coverage: number | null },
): KpiStatus {
  const { low, high } = result;
  if (low === null || high === null) return result.eligible === 0 ? "too_few" : "cannot_tell";
  const population = rule.family === "compliance" ? result.eligible : result.n;
  if (population < rule.minimumN) return "too_few";
  const inside = (x: number) =>
    (rule.target.min === null || x >= rule.target.min) && (rule.target.max === null || x <= rule.target.max);
  if (inside(low) && inside(high)) {
    return rule.family === "performance" && (result.coverage ?? 0) < 0.8 ? "cannot_tell" : "met";
  }
  const below = rule.target.min !== null && high < rule.target.min;
  const above = rule.target.max !== null && low > rule.target.max;
  return below || above ? "missed" : "cannot_tell";
}
