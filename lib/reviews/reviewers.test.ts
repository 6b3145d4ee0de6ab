import { expect, test } from "vitest";
import { type Candidate, needsOf, suggest } from "./reviewers";

const one = (name: string, knows: Candidate["knows"], load = 0): Candidate => ({
  personId: name,
  name,
  seat: "security",
  knows,
  load,
});

test("what a case calls for follows from its kind, tier, law and answers", () => {
  expect(
    needsOf({ kind: "agent", tier: 1, legalClass: "high_risk_annex_iii", submission: { newVendor: true } }),
  ).toEqual(["agent", "security", "suppliers", "validation", "regulation"]);
  expect(needsOf({ kind: null, tier: null, legalClass: null, submission: {} })).toEqual([]);
});

test("who knows more comes first, then who carries less, then the name; each says why", () => {
  const found = suggest(
    [one("Dora", []), one("Ada", ["agent"], 2), one("Bo", ["agent", "security"], 1), one("Cy", ["agent"])],
    ["agent", "security"],
  );
  expect(found.map((s) => s.name)).toEqual(["Bo", "Cy", "Dora", "Ada"]);
  expect(found[0]?.why).toBe("Knows agents and security; 1 open review; no stake in it.");
  expect(found[2]?.why).toBe("No matching field is recorded; no other open review; no stake in it.");
});

test("the order of asking does not matter", () => {
  const all = [one("A", ["agent"]), one("B", ["agent"]), one("C", [], 3)];
  expect(suggest([...all].reverse(), ["agent"])).toEqual(suggest(all, ["agent"]));
});
