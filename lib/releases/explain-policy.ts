import "server-only";
import { policies } from "./policies";
import type { Policy } from "./policy";
import { triedCase } from "./policy-test";

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
    cases: found.cases.map((c) => triedCase(policy, c)),
    others: policies()
      .filter((p) => p.policy.id !== id)
      .map((p) => ({ id: p.policy.id, title: p.policy.title })),
  };
}
