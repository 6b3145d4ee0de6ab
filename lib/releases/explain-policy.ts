import "server-only";
import { policies } from "./policies";
import type { Policy } from "./policy";
import { answerCase } from "./policy-test";

/** A policy with its cases tried just now; null if there is no such policy. */
export function explainPolicy(id: string): {
  policy: Policy;
  source: string;
  file: string;
  cases: { name: string; decision: string; codes: string[]; holds: boolean }[];
  others: { id: string; title: string }[];
} | null {
  const found = policies().find((p) => p.policy.id === id);
  if (!found) return null;
  const { policy, source, file } = found;
  return {
    policy,
    source,
    file,
    cases: found.cases.map((c) => {
      const answer = answerCase(policy, c);
      const codes = answer.reasons.map((r) => r.code);
      return {
        name: c.name,
        decision: answer.decision,
        codes,
        holds: answer.decision === c.expect.decision && codes.join() === c.expect.reasons.join(),
      };
    }),
    others: policies()
      .filter((p) => p.policy.id !== id)
      .map((p) => ({ id: p.policy.id, title: p.policy.title })),
  };
}
