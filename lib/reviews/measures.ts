import type { Cycle } from "./cycles";
import { type Lane, lanes } from "./review";

/** Fewer decisions than this say little, and are shown without a verdict. */
export const enough = 5;
/** A lane keeps its promise when this share of its decisions land inside it. */
export const promiseShare = 0.85;
/** More of the mix than this in front of the full board: triggers are too wide, or reference architectures are missing. */
export const mostFullBoard = 0.3;

/** A share with what it was counted over; null where nothing was. */
export type Share = { of: number; n: number; share: number | null };
const shareOf = (n: number, of: number): Share => ({ n, of, share: of === 0 ? null : n / of });

export type Spread = { median: number; p85: number };

/** Nearest-rank percentiles; null of nothing. */
export function spread(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? null : { median: at(0.5), p85: at(0.85) };
}

export type LaneMeasure = {
  lane: Lane;
  decided: number;
  board: Spread | null;
  submitter: Spread | null;
  total: Spread | null;
  inside: Share;
  /** Whether the promise was kept; null with too few decisions to say. */
  kept: boolean | null;
  oldest: { ref: string; days: number } | null;
};

const isDecided = (c: Cycle): boolean =>
  c.status === "approved" || c.status === "approved_with_conditions" || c.status === "rejected";
const isApproved = (c: Cycle): boolean => c.status === "approved" || c.status === "approved_with_conditions";
const isOpen = (c: Cycle): boolean =>
  c.status === "in_review" || c.status === "changes_requested" || c.status === "deferred";

export const insidePromise = (c: Cycle): boolean =>
  c.decidedAt !== null && c.promisedAt !== null && c.decidedAt <= c.promisedAt;

/** What each measure counts: the rows it is over, and those of them that meet it (governance.md section 6.4, health signals). */
export const measures = {
  inside_promise: {
    name: "Decided inside the promise",
    means: "Of the decisions, those recorded before the promised hour.",
    of: isDecided,
    is: insidePromise,
  },
  first_pass: {
    name: "First-pass yield",
    means: "Of the decisions, those the board never handed back.",
    of: isDecided,
    is: (c: Cycle) => c.bounces === 0,
  },
  bounced: {
    name: "Bounce rate",
    means: "Of the decisions, those the board handed back at least once.",
    of: isDecided,
    is: (c: Cycle) => c.bounces > 0,
  },
  unchanged: {
    name: "Approved unchanged",
    means:
      "Of the approvals, those without a condition, a finding or a second reading. Near 100 % looks like a rubber stamp.",
    of: isApproved,
    is: (c: Cycle) => c.status === "approved" && c.bounces === 0 && c.findings === 0 && c.conditions === 0,
  },
  reversed: {
    name: "Reversal rate",
    means: "Of the approvals, those followed by a rejection of the same model within six months.",
    of: isApproved,
    is: (c: Cycle) => c.reversedBy !== null,
  },
  dissent: {
    name: "Dissent recorded",
    means: "Of the decisions, those against which a seat voted.",
    of: isDecided,
    is: (c: Cycle) => c.dissent,
  },
} as const satisfies Record<
  string,
  { name: string; means: string; of: (c: Cycle) => boolean; is: (c: Cycle) => boolean }
>;
export type MeasureId = keyof typeof measures;
export const measureIds = Object.keys(measures) as [MeasureId, ...MeasureId[]];

/** One lane: how long its decisions took, and the open review that waits longest. Self-service decisions are the portal's. */
export function laneMeasure(lane: Lane, cycles: readonly Cycle[]): LaneMeasure {
  const here = cycles.filter((c) => c.lane === lane);
  const decided = here.filter(isDecided);
  const inside = shareOf(decided.filter(insidePromise).length, decided.length);
  const [oldest] = here.filter(isOpen).sort((a, b) => b.totalDays - a.totalDays);
  return {
    lane,
    decided: decided.length,
    board: spread(decided.map((c) => c.boardDays)),
    submitter: spread(decided.map((c) => c.submitterDays)),
    total: spread(decided.map((c) => c.totalDays)),
    inside,
    kept: decided.length < enough || inside.share === null ? null : inside.share >= promiseShare,
    oldest: oldest ? { ref: oldest.ref, days: oldest.totalDays } : null,
  };
}

/** The rows a measure is over, those that meet it first. */
export function rowsOf(id: MeasureId, cycles: readonly Cycle[]): { cycle: Cycle; meets: boolean }[] {
  const { of, is } = measures[id];
  return cycles
    .filter(of)
    .map((cycle) => ({ cycle, meets: is(cycle) }))
    .sort((a, b) => Number(b.meets) - Number(a.meets));
}

/**
 * The board's own measures. `decided`: decided in the window, and what is open now; `submitted`: handed in first within the
 * window, which the lane mix is counted over.
 */
export function measure(decided: readonly Cycle[], submitted: readonly Cycle[]) {
  const mix = lanes.map((lane) => ({
    lane,
    ...shareOf(submitted.filter((c) => c.lane === lane).length, submitted.length),
  }));
  const full = mix.find((m) => m.lane === "full_board");
  return {
    decided: decided.filter(isDecided).length,
    open: decided.filter(isOpen).length,
    lanes: lanes.map((lane) => laneMeasure(lane, decided)),
    shares: measureIds.map((id) => {
      const rows = decided.filter(measures[id].of);
      return { id, ...shareOf(rows.filter(measures[id].is).length, rows.length) };
    }),
    mix,
    /** Too much goes before the full board. Null while too few were handed in to say. */
    tooManyFull: submitted.length < enough || !full || full.share === null ? null : full.share > mostFullBoard,
  };
}
