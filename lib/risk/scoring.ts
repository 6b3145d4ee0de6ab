import type { LegalClass } from "@/lib/models/model";
import type { Axis, QuestionId, Tier } from "./tier";

/** A rule that no score gets under: holds when every given part holds. */
export type FloorRule = {
  tier: Tier;
  text: string;
  driver: string;
  /** Points that a question must have, any of those listed. */
  answers?: Partial<Record<QuestionId, readonly number[]>>;
  classes?: readonly LegalClass[];
  /** The Art. 50 flag, or the class of that name. */
  transparency?: boolean;
};

/** How answers become a tier: part of a version of the questionnaire. */
export type Scoring = {
  /** Shares of the three axes; together 1. */
  weights: Readonly<Record<Axis, number>>;
  /** Lowest score of 100 that gives the tier. */
  thresholds: Readonly<Record<"1" | "2" | "3", number>>;
  floors: readonly FloorRule[];
  /** Months until a tier has to be scored again. */
  valid_months: Readonly<Record<"1" | "2" | "3" | "4", number>>;
};

/** What version 1 of the questionnaire means; it was written before versions carried their scoring (governance.md section 2). */
export const firstScoring: Scoring = {
  weights: { impact: 0.55, reliance: 0.25, complexity: 0.2 },
  thresholds: { "1": 55, "2": 40, "3": 22 },
  valid_months: { "1": 12, "2": 12, "3": 18, "4": 24 },
  floors: [
    {
      tier: 1,
      classes: ["high_risk_annex_i", "high_risk_annex_iii"],
      text: "High-risk class under the EU AI Act: tier 1",
      driver: "EU AI Act",
    },
    {
      tier: 1,
      answers: { Q1: [4] },
      text: "Life, safety or liberty may be harmed (Q1 = 4): tier 1",
      driver: "customer harm",
    },
    {
      tier: 1,
      answers: { Q3: [4], Q4: [4] },
      text: "5 % or more of yearly value under a regulatory purpose (Q3 = 4 and Q4 = 4): tier 1",
      driver: "regulated purpose",
    },
    {
      tier: 2,
      answers: { Q1: [3] },
      text: "Job, credit, housing or rights may be harmed (Q1 = 3): tier 2 or stricter",
      driver: "customer harm",
    },
    {
      tier: 2,
      answers: { Q4: [4] },
      text: "Regulatory capital, financial statements or licence (Q4 = 4): tier 2 or stricter",
      driver: "regulated purpose",
    },
    {
      tier: 2,
      answers: { Q6: [3, 4], Q1: [2, 3, 4] },
      text: "Acts largely alone where money or service may be lost (Q6 ≥ 3 and Q1 ≥ 2): tier 2 or stricter",
      driver: "autonomy",
    },
    {
      tier: 2,
      answers: { Q9: [4], Q12: [3, 4] },
      text: "An agent with tools open to public input (Q9 = 4 and Q12 ≥ 3): tier 2 or stricter",
      driver: "exposure",
    },
    {
      tier: 3,
      transparency: true,
      text: "Transparency duty, Art. 50 EU AI Act: tier 3 or stricter",
      driver: "EU AI Act",
    },
  ],
};

/** The scoring of a version of the questionnaire. */
export const scoringOf = (questionnaire: { scoring?: Scoring }): Scoring => questionnaire.scoring ?? firstScoring;
