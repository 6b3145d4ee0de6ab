import { describe, expect, test } from "vitest";
import { policies, policyFor } from "./policies";
import { answerCase } from "./policy-test";

describe.each(policies().map((p) => [`${p.policy.id} v${p.policy.version}`, p] as const))(
  "%s",
  (_name, { policy, cases }) => {
    test.each(cases.map((c) => [c.name, c] as const))("%s", (_case, testCase) => {
      const answer = answerCase(policy, testCase);
      expect({
        decision: answer.decision,
        reasons: answer.reasons.map((r) => r.code),
        warnings: answer.warnings.map((r) => r.code),
        passed: answer.brokenBy?.passed.map((r) => r.code) ?? [],
      }).toEqual(testCase.expect);
    });

    test("every code that a check can give is tried by a case", () => {
      const tried = new Set(cases.flatMap((c) => [...c.expect.reasons, ...c.expect.warnings]));
      expect(
        policy.checks.map((c) => c.reason).filter((code) => !tried.has(code) && policy.id === "prod-release"),
      ).toEqual([]);
    });
  },
);

test("dev has no policy", () => {
  expect(policyFor("dev")).toBeNull();
  expect(policyFor("prod")?.setAlias).toBe("champion");
});
