import type { LegalClass } from "@/lib/models/model";
import { type FloorRule, firstScoring, type Scoring } from "./scoring";

export const questionIds = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12"] as const;
export type QuestionId = (typeof questionIds)[number];

export const axes = ["impact", "reliance", "complexity"] as const;
export type Axis = (typeof axes)[number];

/** Answers to the twelve risk questions, 0 to 4 each; null is "don't know" and scores 4. */
export type Answers = Record<string, number | null>;

/** What pushed the tier where it is. `points` of the score of 100; a floor has 0 and says its tier in the text. */
export type Driver = { question: string; axis: string; text: string; points: number };

/** What the legal class rests on (governance.md section 1.1). */
export type LegalBasis = {
  transparency?: boolean;
  gpaiModel?: boolean;
  profilesPeople?: boolean;
  annexArea?: number | null;
  ground?: "a" | "b" | "c" | "d" | null;
  reason?: string;
};

/** Axis of a question and the words that name it as a driver ("Tier 1, driven by autonomy"). */
export const questionAxis: Record<QuestionId, { axis: Axis; driver: string }> = {
  Q1: { axis: "impact", driver: "customer harm" },
  Q2: { axis: "impact", driver: "lasting effect" },
  Q3: { axis: "impact", driver: "value at stake" },
  Q4: { axis: "impact", driver: "regulated purpose" },
  Q5: { axis: "impact", driver: "scale" },
  Q6: { axis: "reliance", driver: "autonomy" },
  Q7: { axis: "reliance", driver: "dependence" },
  Q8: { axis: "reliance", driver: "self-change" },
  Q9: { axis: "complexity", driver: "method" },
  Q10: { axis: "complexity", driver: "data" },
  Q11: { axis: "complexity", driver: "third party" },
  Q12: { axis: "complexity", driver: "exposure" },
};

export type Tier = 1 | 2 | 3 | 4;

/** A rule that no score gets under. */
export type Floor = { tier: Tier; text: string; driver: string };

export type TierResult = {
  impact: number;
  reliance: number;
  complexity: number;
  /** 0 to 100, one decimal. */
  score: number;
  /** What the score alone gives. */
  scoreTier: Tier;
  /** Null when the use is prohibited: blocked, no tier. */
  tier: Tier | null;
  blocked: boolean;
  /** An answer is missing or "don't know". */
  provisional: boolean;
  /** Floors that apply, strictest first. */
  floors: readonly Floor[];
  /** All contributions, largest first, floors that decided the tier ahead of them. */
  drivers: readonly Driver[];
  /** The driver in a few words for a list: "customer harm". */
  driver: string;
};

/** Anything but a whole number from 0 to 4 counts as not known: unknown codes fail closed. */
const known = (value: number | null | undefined): number | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 4 ? value : null;

/**
 * The tier of a use, by score and floors (governance.md section 2). Pure: the screen previews, and a calibration replays, with the
 * same function.
 */
export function tierOf(
  answers: Answers,
  legalClass: LegalClass,
  legal: LegalBasis = {},
  { weights, thresholds, floors: rules }: Scoring = firstScoring,
): TierResult {
  const points = (q: QuestionId): number => known(answers[q]) ?? 4;
  const share = (axis: Axis): number => {
    const of = questionIds.filter((q) => questionAxis[q].axis === axis);
    return of.reduce((sum, q) => sum + points(q), 0) / (of.length * 4);
  };
  const impact = share("impact");
  const reliance = share("reliance");
  const complexity = share("complexity");
  const exact = 100 * (weights.impact * impact + weights.reliance * reliance + weights.complexity * complexity);
  // Rounded at the ninth decimal so that binary fractions do not push a score of exactly 55 under its threshold.
  const stable = Math.round(exact * 1e9) / 1e9;
  const scoreTier = ([1, 2, 3] as const).find((t) => stable >= thresholds[t]) ?? 4;

  const floors = floorsOf(points, legalClass, legal, rules);
  const blocked = legalClass === "prohibited";
  const reached = ([1, 2, 3] as const).find((t) => t === scoreTier || floors.some((f) => f.tier === t));
  const tier: Tier | null = blocked ? null : (reached ?? 4);

  const weighted = questionIds
    .map((q, order) => {
      const { axis, driver } = questionAxis[q];
      const perAxis = questionIds.filter((other) => questionAxis[other].axis === axis).length * 4;
      const value = known(answers[q]);
      return {
        question: q as string,
        axis: axis as string,
        driver,
        order,
        text: value === null ? `${driver} (not known, counted as 4)` : driver,
        points: Math.round(((100 * weights[axis] * points(q)) / perAxis) * 100) / 100,
      };
    })
    .filter((d) => d.points > 0)
    .sort((a, b) => b.points - a.points || a.order - b.order);
  const deciding = blocked ? [] : floors.filter((f) => f.tier === tier && f.tier < scoreTier);
  const drivers: Driver[] = [
    ...(blocked ? [{ question: "", axis: "law", text: "prohibited practice: blocked", points: 0 }] : []),
    ...deciding.map((f) => ({ question: "", axis: "floor", text: f.text, points: 0 })),
    ...weighted.map(({ question, axis, text, points: share }) => ({ question, axis, text, points: share })),
  ];
  const top = weighted[0];
  return {
    impact,
    reliance,
    complexity,
    score: Math.round(stable * 10) / 10,
    scoreTier,
    tier,
    blocked,
    provisional: questionIds.some((q) => known(answers[q]) === null),
    floors,
    drivers,
    driver: blocked ? "prohibited use" : (deciding[0]?.driver ?? top?.driver ?? "low on every axis"),
  };
}

function floorsOf(
  points: (q: QuestionId) => number,
  legalClass: LegalClass,
  legal: LegalBasis,
  rules: readonly FloorRule[],
): Floor[] {
  const talks = legal.transparency === true || legalClass === "transparency_art50";
  return rules
    .filter(
      (rule) =>
        questionIds.every((q) => rule.answers?.[q]?.includes(points(q)) ?? true) &&
        (rule.classes?.includes(legalClass) ?? true) &&
        (!rule.transparency || talks),
    )
    .map(({ tier, text, driver }) => ({ tier, text, driver }))
    .sort((a, b) => a.tier - b.tier);
}
