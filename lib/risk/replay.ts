import type { LegalClass } from "@/lib/models/model";
import type { Scoring } from "./scoring";
import { type Answers, axes, type LegalBasis, tierOf } from "./tier";

/** A tier as a matrix names it: 1 to 4, or blocked. */
export type TierKey = "1" | "2" | "3" | "4" | "blocked";
export const tierKeys: readonly TierKey[] = ["1", "2", "3", "4", "blocked"];
export const tierKey = (tier: number | null): TierKey =>
  tier === 1 || tier === 2 || tier === 3 || tier === 4 ? (String(tier) as TierKey) : "blocked";

/** How many models have the tier `from` now and would have `to`. */
export type MatrixCell = { from: TierKey; to: TierKey; n: number };

/** A model with the answers that its tier rests on. */
export type Rated = {
  id: string;
  name: string;
  /** By its answers, before any override. */
  tier: number | null;
  answers: Answers;
  legalClass: LegalClass;
  legal: LegalBasis;
};
export type Moved = { id: string; name: string; from: TierKey; to: TierKey; score: number; driver: string };

/** What a scoring would make of every model: the matrix of old and new tier, and each model that moves. */
export function replay(rated: readonly Rated[], scoring: Scoring): { matrix: MatrixCell[]; all: Moved[] } {
  const counts = new Map<string, MatrixCell>();
  const all = rated.map((m) => {
    const result = tierOf(m.answers, m.legalClass, m.legal, scoring);
    const from = tierKey(m.tier);
    const to = tierKey(result.tier);
    const cell = counts.get(`${from} ${to}`) ?? { from, to, n: 0 };
    counts.set(`${from} ${to}`, { ...cell, n: cell.n + 1 });
    return { id: m.id, name: m.name, from, to, score: result.score, driver: result.driver };
  });
  return { matrix: [...counts.values()], all };
}

/** Weights and thresholds that someone tries; in percent and points of 100. */
export type Draft = Partial<Record<"impact" | "reliance" | "complexity" | "t1" | "t2" | "t3", number>>;

/** The scoring with a draft's numbers in place of its own; weights are taken as shares of their sum. */
export function drafted(base: Scoring, draft: Draft): Scoring {
  const given = Object.fromEntries(
    axes.map((axis) => [axis, draft[axis] ?? Math.round(base.weights[axis] * 100)]),
  ) as Record<(typeof axes)[number], number>;
  const sum = axes.reduce((all, axis) => all + given[axis], 0);
  const asGiven = axes.every(
    (axis) => draft[axis] === undefined || draft[axis] === Math.round(base.weights[axis] * 100),
  );
  return {
    ...base,
    weights:
      asGiven || sum === 0
        ? base.weights
        : { impact: given.impact / sum, reliance: given.reliance / sum, complexity: given.complexity / sum },
    thresholds: {
      "1": draft.t1 ?? base.thresholds["1"],
      "2": draft.t2 ?? base.thresholds["2"],
      "3": draft.t3 ?? base.thresholds["3"],
    },
  };
}
