import { describe, expect, test } from "vitest";
import type { LegalClass } from "@/lib/models/model";
import { type Answers, type LegalBasis, questionIds, tierOf } from "./tier";

const answers = (...values: (number | null)[]): Answers =>
  Object.fromEntries(questionIds.map((q, i) => [q, values[i] ?? null]));
const zero = answers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const rated = (values: Answers, legalClass: LegalClass = "minimal", legal: LegalBasis = {}) =>
  tierOf(values, legalClass, legal);

// The twelve systems the method was tried on. Their answers were not kept; these are answers that give the kept scores.
test.each<[string, Answers, LegalClass, number, number]>([
  ["credit auto-approve", answers(3, 3, 4, 4, 4, 4, 2, 2, 2, 3, 0, 2), "high_risk_annex_iii", 74.9, 1],
  ["clinical triage", answers(4, 4, 2, 3, 3, 2, 4, 2, 2, 3, 0, 0), "high_risk_annex_iii", 66.9, 1],
  ["card-fraud hold", answers(2, 1, 2, 3, 4, 4, 4, 3, 1, 2, 0, 1), "minimal", 60.9, 1],
  ["CV ranking", answers(3, 3, 1, 3, 3, 2, 1, 2, 2, 3, 3, 2), "high_risk_annex_iii", 58.7, 1],
  ["loss provisioning", answers(0, 3, 4, 4, 0, 2, 3, 1, 1, 2, 1, 1), "minimal", 49, 1],
  ["dynamic pricing", answers(1, 1, 3, 2, 4, 4, 1, 1, 2, 2, 3, 2), "minimal", 54, 2],
  ["refund-paying support agent", answers(2, 1, 1, 2, 3, 3, 1, 2, 4, 2, 3, 4), "transparency_art50", 53.5, 2],
  ["auto-replenish forecast", answers(0, 1, 3, 1, 2, 4, 1, 2, 1, 1, 0, 1), "minimal", 37.6, 3],
  ["marketing propensity", answers(1, 0, 1, 1, 3, 1, 1, 2, 1, 2, 1, 0), "minimal", 29.8, 3],
  ["staff document Q&A", answers(1, 0, 0, 1, 1, 1, 1, 1, 3, 1, 4, 1), "minimal", 25.8, 3],
  ["log anomaly", answers(0, 0, 0, 0, 1, 1, 1, 2, 1, 1, 0, 0), "minimal", 13.6, 4],
  ["churn notebook", answers(0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0), "minimal", 6.5, 4],
])("%s", (_name, given, legalClass, score, tier) => {
  const result = rated(given, legalClass);
  expect(result.score).toBe(score);
  expect(result.tier).toBe(tier);
  expect(result.provisional).toBe(false);
});

test("loss provisioning scores tier 2 and is lifted by its floor, which is the first driver", () => {
  const result = rated(answers(0, 3, 4, 4, 0, 2, 3, 1, 1, 2, 1, 1));
  expect(result.scoreTier).toBe(2);
  expect(result.driver).toBe("regulated purpose");
  expect(result.drivers[0]?.text).toContain("Q3 = 4 and Q4 = 4");
});

describe("floors hold whatever the score", () => {
  test.each<[string, Partial<Record<string, number>>, LegalClass, LegalBasis, number]>([
    ["high-risk, Annex I", {}, "high_risk_annex_i", {}, 1],
    ["high-risk, Annex III", {}, "high_risk_annex_iii", {}, 1],
    ["life, safety, liberty", { Q1: 4 }, "minimal", {}, 1],
    ["large value under regulation", { Q3: 4, Q4: 4 }, "minimal", {}, 1],
    ["job, credit, housing, rights", { Q1: 3 }, "minimal", {}, 2],
    ["regulatory capital", { Q4: 4 }, "minimal", {}, 2],
    ["acts alone where money may be lost", { Q6: 3, Q1: 2 }, "minimal", {}, 2],
    ["agent open to the public", { Q9: 4, Q12: 3 }, "minimal", {}, 2],
    ["transparency class", {}, "transparency_art50", {}, 3],
    ["transparency flag beside another class", {}, "annex_iii_not_high_risk", { transparency: true }, 3],
    ["nothing", {}, "minimal", {}, 4],
    ["autonomy without harm", { Q6: 4, Q1: 1 }, "minimal", {}, 4],
  ])("%s", (_name, raised, legalClass, legal, tier) => {
    expect(rated({ ...zero, ...raised } as Answers, legalClass, legal).tier).toBe(tier);
  });
});

test("a prohibited use is blocked and has no tier, however low it scores", () => {
  const result = rated(zero, "prohibited");
  expect(result).toMatchObject({ tier: null, blocked: true, driver: "prohibited use" });
});

test.each([
  ["don't know", null],
  ["a code outside the scale", 7],
  ["half a point", 1.5],
  ["not a number", Number.NaN],
])("%s counts as 4 and makes the tier provisional", (_name, value) => {
  const result = rated({ ...zero, Q1: value });
  expect(result).toMatchObject({ tier: 1, provisional: true });
  expect(rated({ ...zero, Q1: 4 }).provisional).toBe(false);
});

test("a missing answer is not a zero", () => {
  const { Q5: _left, ...rest } = zero;
  expect(rated(rest)).toMatchObject({ score: 11, provisional: true });
});

test("raising any answer never makes the tier milder or the score smaller", () => {
  for (const q of questionIds) {
    for (let value = 0; value < 4; value++) {
      for (const base of [
        zero,
        answers(1, 2, 1, 3, 2, 2, 1, 2, 3, 2, 1, 2),
        answers(3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3),
      ]) {
        const lower = rated({ ...base, [q]: value });
        const higher = rated({ ...base, [q]: value + 1 });
        expect(higher.score).toBeGreaterThan(lower.score);
        expect(higher.tier ?? 0).toBeLessThanOrEqual(lower.tier ?? 0);
      }
    }
  }
});

test("the points of all answers add up to the score", () => {
  const result = rated(answers(3, 3, 4, 4, 4, 4, 2, 2, 2, 3, 0, 2));
  expect(result.drivers.reduce((sum, d) => sum + d.points, 0)).toBeCloseTo(result.score, 0);
});
