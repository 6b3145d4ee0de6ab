import { describe, expect, test } from "vitest";
import { decide } from "./decide";
import { replayClosed, replayOpen } from "./dry-run";
import { policies, policyBy } from "./policies";
import type { Policy } from "./policy";
import { inputsOf, type PolicyCase } from "./policy-test";

const now = new Date("2026-11-20T12:00:00Z");
const prod = policyBy("prod-release");
/** A case as a closed release: its inputs, and the answer that the gate gave. */
const answered = (policy: Policy, { given }: PolicyCase) => {
  const inputs = inputsOf(policy, given);
  const { decision, reasons } = decide(policy, inputs, now);
  return { inputs, at: now, decision, reasons };
};
const changed = (change: (policy: Policy) => Partial<Policy>): Policy => ({
  ...prod.policy,
  ...change(prod.policy),
  digest: "7".repeat(64),
});
const caseOf = (name: string): PolicyCase => {
  const found = prod.cases.find((c) => c.name === name);
  if (!found) throw new Error(`There is no case ${name}.`);
  return found;
};
const tier1 = (rule: Partial<Policy["tiers"]["1"]>) =>
  changed((p) => ({ tiers: { ...p.tiers, "1": { ...p.tiers["1"], ...rule } } }));
const codes = (answer: { reasons: readonly { code: string }[] } | null) => answer?.reasons.map((r) => r.code);
const signed = answered(prod.policy, caseOf("Tier 1 with all four signatures is allowed"));

describe.each(policies().map((p) => [p.policy.id, p] as const))("%s", (_id, { policy, cases }) => {
  test.each(cases.map((c) => [c.name, c] as const))("changes nothing for: %s", (_name, c) => {
    const given = answered(policy, c);
    const same = { ...policy, digest: "7".repeat(64) };
    expect(replayOpen(policy, same, given.inputs, now).change).toBe("same");
    const closed = replayClosed(policy, same, given);
    // Without tier, request or the facts of then there is nothing to replay: that is said, and never passes.
    expect(closed.change === "same" || closed.change === "cannot_tell").toBe(true);
    if (closed.change === "same") expect(closed.after?.decision).toBe(given.decision);
  });

  test.each(cases.map((c) => [c.name, c] as const))("with another check a closed one never passes: %s", (_name, c) => {
    const [check, ...rest] = policy.checks;
    if (!check) throw new Error("The policy has no check.");
    const other = { ...policy, digest: "7".repeat(64), checks: [{ ...check, expr: "true" }, ...rest] };
    expect(replayClosed(policy, other, answered(policy, c)).after?.decision).not.toBe("allow");
  });
});

test("a signature more is asked for: what was allowed would be denied, with what lacks", () => {
  const more = tier1({
    approvals: [
      ...prod.policy.tiers["1"].approvals,
      { id: "risk", title: "Model risk", roles: ["model_risk"], count: 1 },
    ],
  });
  for (const replay of [replayOpen(prod.policy, more, signed.inputs, now), replayClosed(prod.policy, more, signed)]) {
    expect(replay).toMatchObject({ change: "closes", before: { decision: "allow" }, after: { decision: "deny" } });
    expect(codes(replay.after)).toEqual(["APPROVAL_MISSING"]);
  }
});

test("a signature less is asked for: what was denied for it would be allowed", () => {
  const less = tier1({ approvals: prod.policy.tiers["1"].approvals.filter((a) => a.id !== "architecture") });
  const lacking = answered(prod.policy, caseOf("Tier 1 without the chair names what is missing"));
  expect(replayOpen(prod.policy, less, lacking.inputs, now).change).toBe("opens");
  expect(replayClosed(prod.policy, less, lacking).change).toBe("opens");
});

test("signatures count for as long as the changed policy says", () => {
  const shorter = tier1({ validityDays: 7 });
  expect(codes(replayOpen(prod.policy, shorter, signed.inputs, now).after)).toEqual(Array(4).fill("APPROVAL_EXPIRED"));
});

test("a check that is new: of open releases it is known, of closed ones nobody can tell", () => {
  const stricter = changed((p) => ({
    checks: [
      ...p.checks,
      {
        id: "ready",
        title: "Forty items pass",
        expr: "readiness.pass >= 40",
        kind: "rule",
        reason: "TOO_FEW",
        text: "Too few items pass.",
        unblock: "meets more items",
        roles: ["contributor"],
      },
    ],
  }));
  expect(codes(replayOpen(prod.policy, stricter, signed.inputs, now).after)).toEqual(["TOO_FEW"]);
  expect(replayClosed(prod.policy, stricter, signed)).toMatchObject({
    change: "cannot_tell",
    after: null,
    why: expect.stringContaining("Forty items pass"),
  });
});

test("where the record does not replay to the answer that was given, nobody can tell", () => {
  const [first, ...rest] = signed.inputs.approvals;
  expect(first).toBeDefined();
  const torn = { ...signed, inputs: { ...signed.inputs, approvals: rest } };
  expect(replayClosed(prod.policy, tier1({ validityDays: 90 }), torn)).toMatchObject({
    change: "cannot_tell",
    why: expect.stringContaining("another answer"),
  });
});

test("one signature fills one of two requirements that accept its role", () => {
  const twice = tier1({
    approvals: [
      { id: "one", title: "One", roles: ["security"], count: 1 },
      { id: "two", title: "Two", roles: ["security", "privacy"], count: 1 },
    ],
  });
  const alone = { ...signed.inputs, approvals: signed.inputs.approvals.filter((a) => a.role === "security") };
  const { requirements } = decide(twice, alone, now);
  expect(requirements.map((r) => [r.requirement.id, r.have, r.met])).toEqual([
    ["one", 1, true],
    ["two", 0, false],
  ]);
  expect(decide(twice, signed.inputs, now).requirements.every((r) => r.met)).toBe(true);
});
