import { expect, test } from "vitest";
import { decisionLacks, monthsAfter, type Weighed } from "./decision";
import { tally } from "./quorum";
import { changedFields, missing, type Submission } from "./submission";

const quiet = tally("self_service", 4, [], []);
const review = (findings: readonly Weighed[] = []) => ({
  tally: quiet,
  findings,
  deferredBefore: false,
  today: "2026-03-02",
});
const finding = (set: Partial<Weighed>): Weighed => ({
  ref: "FND-0001",
  title: "t",
  severity: "must_fix",
  status: "open",
  ...set,
});

test.each([
  ["2026-03-02", 12, "2027-03-02"],
  ["2024-02-29", 12, "2025-02-28"],
  ["2026-11-30", 3, "2027-02-28"],
])("%s and %i months is %s", (day, months, then) => {
  expect(monthsAfter(day, months)).toBe(then);
});

test("a finding that must be fixed stops an approval until it is verified, or a condition closes it", () => {
  const approve = { outcome: "approved_with_conditions" as const, conditions: [{ owner: "x", dueOn: "2026-04-01" }] };
  expect(decisionLacks(approve, review([finding({})]))).toEqual([
    "FND-0001 must be fixed; resolve it, or close it by a condition.",
  ]);
  expect(decisionLacks(approve, review([finding({ status: "resolved" })])).join()).toContain("nobody verified it");
  expect(decisionLacks(approve, review([finding({ status: "verified" }), finding({ severity: "note" })]))).toEqual([]);
  expect(
    decisionLacks(
      { ...approve, conditions: [{ owner: "x", dueOn: "2026-04-01", closes: "fnd-0001" }] },
      review([finding({})]),
    ),
  ).toEqual([]);
  expect(decisionLacks({ outcome: "rejected", conditions: [] }, review([finding({})]))).toEqual([]);
});

test("conditions need an owner and a day to come, and go with one outcome only", () => {
  const lacks = decisionLacks(
    {
      outcome: "approved",
      conditions: [
        { owner: "", dueOn: "2026-03-01" },
        { owner: "x", dueOn: "" },
      ],
    },
    review(),
  );
  expect(lacks).toEqual([
    "Conditions go with “approved with conditions” only.",
    "Condition 1 has no owner.",
    "Condition 1 is due in the past.",
    "Condition 2 has no due date.",
  ]);
});

test("an unanswered question is missing, a no is not", () => {
  const fields = (s: Submission) => missing(s, 3).map((m) => m.field);
  expect(fields({})).toContain("newVendor");
  expect(fields({ newVendor: false })).not.toContain("newVendor");
  expect(fields({ security: "  " })).toContain("security");
  expect(missing({}, 4).map((m) => m.field)).not.toContain("security");
});

test("each part of a section is an answer of its own; a row of a list is whole or says what it lacks", () => {
  const lacks = (s: Submission) => missing(s, 2);
  const fields = (s: Submission) => lacks(s).map((m) => m.field);
  expect(fields({})).toEqual(expect.arrayContaining(["residency", "estimate", "budgetOwner", "riskList"]));
  expect(fields({ data: "All of it in prose." })).toContain("residency");
  expect(fields({ riskList: [{ risk: "drift", owner: "", treatment: "watched" }] })).toContain("riskList");
  expect(fields({ riskList: [{ risk: "drift", owner: "me", treatment: "watched" }] })).not.toContain("riskList");
  expect(fields({ deviations: [] })).not.toContain("deviations");
  expect(lacks({ deviations: [{ what: "no gateway", why: "latency", adr: "" }] })).toContainEqual({
    field: "deviations",
    message: "Architecture: deviation 1 lacks decision record.",
  });
});

test("a diagram in the text is a diagram", () => {
  expect(missing({}, 3).map((m) => m.field)).toContain("diagram");
  expect(missing({ architecture: "```mermaid\ngraph TD\n```" }, 3).map((m) => m.field)).not.toContain("diagram");
});

test("what changed is told in page order, without what stayed", () => {
  expect(changedFields({ asks: "a", data: "b", cost: "c" }, { asks: "a", data: "x", problem: "new" })).toEqual([
    "problem",
    "data",
    "cost",
  ]);
});
