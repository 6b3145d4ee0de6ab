import { expect, test } from "vitest";
import type { ChecklistItem } from "@/lib/content/schemas";
import { creditOf, scoreOf } from "./level";
import { type AssessedItem, itemTypes } from "./readiness";

const asked = (id: string, tiers: (1 | 2 | 3 | 4)[], over: Partial<ChecklistItem> = {}): ChecklistItem => ({
  id,
  title: id,
  area: "Area",
  why: "",
  tiers,
  types: [...itemTypes],
  how: "auto",
  fix: "",
  evidence: "",
  max_age_days: 90,
  waivable: true,
  check: "slo.reporting",
  query: "",
  enforce_from: "2025-01-01",
  effort: "days",
  after: [],
  ...over,
});
const found = (id: string, state: AssessedItem["state"], over: Partial<AssessedItem> = {}): AssessedItem => ({
  id,
  title: id,
  area: "Area",
  required: true,
  countsFrom: null,
  state,
  cause: null,
  why: "",
  source: "",
  effectiveAt: null,
  collectedAt: null,
  expiresAt: null,
  facts: [],
  attestationId: null,
  waiverRef: null,
  ...over,
});

test("what is said by hand counts half, and in tier 1, or without a tier, nothing", () => {
  const byHand = found("a", "pass", { attestationId: "x" });
  expect([1, 2, 3, 4, null].map((t) => creditOf("auto", byHand, t as 1 | 2 | 3 | 4 | null))).toEqual([
    0, 0.5, 0.5, 0.5, 0,
  ]);
  expect(creditOf("part", byHand, 1)).toBe(1);
  expect(creditOf("auto", found("a", "pass"), 1)).toBe(1);
  for (const state of ["fail", "unknown", "waived"] as const) expect(creditOf("auto", found("a", state), 2)).toBe(0);
});

test("the lowest area is the score, and a level needs everything of its tier", () => {
  const words = new Map(
    [asked("a", [1, 2, 3, 4]), asked("b", [1, 2, 3]), asked("c", [1, 2], { area: "Other" }), asked("d", [1])].map(
      (i) => [i.id, i],
    ),
  );
  const items = [
    found("a", "pass"),
    found("b", "pass"),
    found("c", "waived", { area: "Other" }),
    found("d", "not_applicable"),
  ];
  expect(scoreOf(items, words, 2, null)).toMatchObject({ level: "core", score: 0 });
  const all = items.map((i) => ({ ...i, state: "pass" as const }));
  expect(scoreOf(all, words, 2, null)).toMatchObject({ level: "complete", score: 1 });
  const hand = all.map((i) => (i.id === "a" ? { ...i, attestationId: "x" } : i));
  expect(scoreOf(hand, words, 2, null)).toMatchObject({ level: "complete", byHand: 1 });
  expect(scoreOf(hand, words, 1, null)).toMatchObject({ level: "none" });
  expect(scoreOf([], words, 1, null)).toMatchObject({ score: null });
});
