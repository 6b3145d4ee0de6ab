import { sayDay } from "@/lib/core/say-day";
import type { GateInputs, Reason } from "./gate-inputs";
import type { Policy, PolicyCheck, TierRule } from "./policy";
import { answerCheck, bindingsOf } from "./policy-checks";

/** The policy's checks that apply to the tier. */
export function checkReasons(policy: Policy, rule: TierRule, inputs: GateInputs, tier: number) {
  const bindings = bindingsOf(inputs.facts);
  const blocking: Reason[] = [];
  const warning: Reason[] = [];
  for (const check of policy.checks) {
    if (check.tiers && !check.tiers.includes(tier)) continue;
    const answer = answerCheck(policy, check, bindings);
    if (answer.state === "pass") continue;
    const isUnknown = answer.state === "unknown" || check.kind === "unknown";
    const found = explain(check, answer.state === "unknown" ? answer.cause : null, inputs);
    (isUnknown && rule.unknown === "warn" ? warning : blocking).push(...found);
  }
  return { blocking, warning };
}

const mostNamed = 3;

/** A failed check in words: one reason per item or condition while they are few, one for all when they are many. */
function explain(check: PolicyCheck, unknownCause: string | null, inputs: GateInputs): Reason[] {
  const name = encodeURIComponent(inputs.model?.name ?? "");
  const base = { unblock: check.unblock, by: { roles: check.roles } };
  if (unknownCause !== null)
    return [
      {
        ...base,
        code: "CHECK_UNKNOWN",
        text: `${check.title}: cannot tell (${unknownCause}).`,
        link: `/models/${name}/readiness`,
      },
    ];
  if (check.reason === "CHECK_FAILED" || check.reason === "CHECK_UNKNOWN") {
    const items = check.reason === "CHECK_FAILED" ? inputs.items.failed : inputs.items.unknown;
    const link = `/models/${name}/readiness`;
    if (items.length === 0) return [{ ...base, code: check.reason, text: check.text, link }];
    if (items.length <= mostNamed)
      return items.map((i) => ({
        ...base,
        code: check.reason,
        text: `${i.id}, ${i.title}: ${i.why}`,
        link: `${link}#${i.id}`,
      }));
    const rest = items.length - mostNamed;
    return [
      {
        ...base,
        code: check.reason,
        text: `${items.length} required readiness items ${check.reason === "CHECK_FAILED" ? "fail" : "have no answer"}: ${items
          .slice(0, mostNamed)
          .map((i) => `${i.id} (${i.title})`)
          .join(", ")} and ${rest} more.`,
        link,
      },
    ];
  }
  if (check.reason === "CONDITION_OPEN" || check.reason === "CONDITION_OVERDUE") {
    const concerned = inputs.openConditions.filter((c) => check.reason === "CONDITION_OVERDUE" || c.blocking);
    if (concerned.length > 0)
      return concerned.map((c) => ({
        code: check.reason,
        text: `${check.text} “${c.text}” is due on ${sayDay(c.dueOn)}.`,
        unblock: check.unblock,
        by: { names: [c.owner] },
        link: c.link,
      }));
  }
  const link =
    check.reason === "REVIEW_MISSING" || check.reason === "REVIEW_EXPIRED"
      ? `/reviews?model=${name}`
      : `/models/${name}`;
  return [{ ...base, code: check.reason, text: check.text, link }];
}
