import type { KpiStatus } from "./kpi";

/** A result as a tile shows it: words and an axis. Pure; the page and the print use the same. */
export type Shown = {
  state: "met" | "missed" | "cannot_tell" | "not_measured";
  word: string | undefined;
  value: string | null;
  rangeText: string;
  axis: { min: number; max: number; from?: number; to?: number; value: number; low: number; high: number } | null;
  coverage: string;
};

type Like = {
  value: number | null;
  low: number | null;
  high: number | null;
  status: KpiStatus;
  eligible: number;
  known: number;
  met: number;
};

const round = (x: number): string => (Math.abs(x) < 10 && x % 1 !== 0 ? x.toFixed(1) : x.toFixed(0));

/** `target` in the KPI's unit; `percent` says whether the axis is 0 to 100. */
export function show(
  result: Like | null,
  target: { low: number | null; high: number | null },
  percent: boolean,
): Shown {
  if (!result)
    return {
      state: "not_measured",
      word: undefined,
      value: null,
      rangeText: "",
      axis: null,
      coverage: "Covers nothing yet",
    };
  const coverage =
    result.eligible === 0
      ? "Nothing in scope"
      : result.known === result.eligible
        ? `All ${result.eligible}`
        : `${result.known} of ${result.eligible}`;
  const { value, low, high } = result;
  if (result.status === "too_few") {
    return {
      state: "cannot_tell",
      word: "Too few to tell",
      value: result.eligible === 0 ? "None" : `${result.met} of ${result.known}`,
      rangeText: "",
      axis: null,
      coverage,
    };
  }
  if (value === null || low === null || high === null)
    return { state: "cannot_tell", word: undefined, value: "Unknown", rangeText: "", axis: null, coverage };
  const span =
    Math.round(low) === Math.round(high) && round(low) === round(high)
      ? round(value)
      : `${round(low)} to ${round(high)}`;
  const top = percent ? 100 : Math.max(high, target.high ?? 0, value) * 1.4 || 1;
  return {
    state: result.status,
    word: undefined,
    // A figure that crosses the edge of its target is shown as the range it is.
    value: result.status === "cannot_tell" ? span : round(value),
    rangeText: percent ? `${span.replace(" to ", " % to ")} %` : span,
    axis: {
      min: 0,
      max: top,
      ...(target.low === null ? {} : { from: target.low }),
      ...(target.high === null ? {} : { to: target.high }),
      value,
      low,
      high,
    },
    coverage,
  };
}
