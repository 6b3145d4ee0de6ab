import { decide } from "./decide";
import type { GateInputs, Reason } from "./gate-inputs";
import { type Policy, tierRule } from "./policy";

/** One reason as a dry run shows it. */
export type Told = { code: string; text: string };
type Answer = { decision: "allow" | "deny"; reasons: readonly Told[] };

/**
 * What a changed policy would make of one release. `opens`: denied before, allowed then; `closes`: the other way; `reasons`: the same
 * answer for other reasons; `cannot_tell`: what the answer depends on is not on record, which is never a pass.
 */
export type Change = "same" | "opens" | "closes" | "reasons" | "cannot_tell";
export type Replay = {
  change: Change;
  before: Answer | null;
  after: Answer | null;
  /** Why nobody can tell; null otherwise. */
  why: string | null;
};

const told = (reasons: readonly Reason[]): Told[] => reasons.map(({ code, text }) => ({ code, text }));
const cannotTell = (why: string, before: Answer | null = null): Replay => ({
  change: "cannot_tell",
  before,
  after: null,
  why,
});

function compared(before: Answer, after: Answer): Replay {
  // That a request pins an older policy names the newer one's digest, which is no other reason.
  const words = ({ reasons }: Answer) =>
    reasons.map((r) => (r.code === "POLICY_CHANGED" ? r.code : `${r.code} ${r.text}`)).join("\n");
  const change =
    before.decision !== after.decision
      ? after.decision === "allow"
        ? "opens"
        : "closes"
      : words(before) === words(after)
        ? "same"
        : "reasons";
  return { change, before, after, why: null };
}

/**
 * The inputs as the policy would find them had the release been asked for and signed under it: the request pins it, and signatures
 * count for as long as it says. A request that was behind the policy in force stays behind.
 */
function under(policy: Policy, inForce: Policy, inputs: GateInputs): GateInputs {
  if (policy.digest === inForce.digest) return inputs;
  const tier = inputs.model?.tier ?? null;
  const longer = (tierRule(policy, tier)?.validityDays ?? 0) - (tierRule(inForce, tier)?.validityDays ?? 0);
  const { release } = inputs;
  return {
    ...inputs,
    release: release && {
      ...release,
      policyDigest: release.policyDigest === inForce.digest ? policy.digest : release.policyDigest,
    },
    approvals: inputs.approvals.map((a) => ({
      ...a,
      expiresAt: new Date(a.expiresAt.getTime() + longer * 86_400_000),
    })),
  };
}

/** A release that is open, with everything known of it now: the gate's answer under the policy in force and under the changed one. */
export function replayOpen(inForce: Policy, changed: Policy, inputs: GateInputs, now: Date): Replay {
  const before = decide(inForce, inputs, now);
  const after = decide(changed, under(changed, inForce, inputs), now);
  return compared(
    { decision: before.decision, reasons: told(before.reasons) },
    { decision: after.decision, reasons: told(after.reasons) },
  );
}

/** The last answer that a closed release got, with what is on record of that instant. `inputs.facts` is not: checks are not replayed. */
export type Answered = { inputs: GateInputs; at: Date; decision: "allow" | "deny"; reasons: readonly Told[] };

/**
 * A closed release, at the instant of its last answer. Of that instant the request, the signatures and the tier are on record, and
 * which checks failed, but not all that checks read. So the signatures are replayed and the checks taken from the answer: that
 * holds where the checks of the tier are the same, and only after the policy of then, replayed so, gives the answer that was given.
 */
export function replayClosed(then: Policy, changed: Policy, { inputs, at, decision, reasons }: Answered): Replay {
  const recorded: Answer = { decision, reasons };
  const tier = inputs.model?.tier ?? null;
  const [ruleThen, rule] = [tierRule(then, tier), tierRule(changed, tier)];
  if (!ruleThen || !rule) return cannotTell("The model's tier at the time is not on record.", recorded);
  const ofChecks = new Set([...then.checks.map((c) => c.reason), "CHECK_UNKNOWN"]);
  const fromChecks = reasons.filter((r) => ofChecks.has(r.code));
  const bare = (policy: Policy): Policy => ({ ...policy, checks: [] });

  const again = decide(bare(then), inputs, at);
  const codes = [...told(again.reasons), ...fromChecks].map((r) => r.code);
  const given = reasons.map((r) => r.code);
  if (codes.toSorted().join() !== given.toSorted().join())
    return cannotTell(
      "Replayed with what is on record, the policy of then gives another answer than was given.",
      recorded,
    );

  const after = told(decide(bare(changed), under(changed, then, inputs), at).reasons);
  const differs =
    differingCheck(then, changed, tier ?? 0) ?? (ruleThen.unknown !== rule.unknown ? "unknown checks" : null);
  if (differs === null) {
    const all = [...after, ...fromChecks];
    const texts = [...told(again.reasons), ...fromChecks];
    return compared({ decision, reasons: texts }, { decision: all.length === 0 ? "allow" : "deny", reasons: all });
  }
  const why = `The changed policy judges ${differs} in another way, and what checks read then is not on record.`;
  // Signatures that lack are enough to know that it would be denied; anything else would be a guess.
  if (after.length === 0) return cannotTell(why, recorded);
  return { ...compared(recorded, { decision: "deny", reasons: after }), why };
}

/** The first check of the tier that one policy has and the other has not in the same form; null if they judge alike. */
function differingCheck(a: Policy, b: Policy, tier: number): string | null {
  const of = (policy: Policy) =>
    new Map(
      policy.checks
        .filter((c) => !c.tiers || c.tiers.includes(tier))
        .map((c) => [`${c.expr}\n${c.kind}\n${c.reason}`, c.title]),
    );
  const [one, other] = [of(a), of(b)];
  for (const [key, title] of other) if (!one.has(key)) return `“${title}”`;
  for (const [key, title] of one) if (!other.has(key)) return `“${title}”`;
  return null;
}
