import { roleName } from "@/lib/core/rights";
import { approvalReasons, approvalState, requirementStates } from "./approval-state";
import { brokenGlass } from "./broken-glass";
import { checkReasons } from "./check-reasons";
import { freezeReasons, freezesComing } from "./freeze-reasons";
import type { GateDecision, GateInputs, Reason, Unblocker } from "./gate-inputs";
import { type Policy, type TierRule, tierRule } from "./policy";
import type { UpcomingReason } from "./release";
import { day, inSentence, listed, short } from "./words";

const owners: Unblocker = { roles: ["contributor"] };

/**
 * The gate's core: a pure function of the policy, what is known, and the time. The portal, the policy tests and an auditor's
 * replay call the same one (signing.md section 6, "Rules"). Reasons come in the order in which they are best cleared.
 */
export function decide(policy: Policy, inputs: GateInputs, now: Date): GateDecision {
  const early = identityReasons(policy, inputs);
  if (early) return denied([early]);
  const rule = tierRule(policy, inputs.model?.tier ?? null);
  if (!rule || !inputs.model) return denied(tierless(inputs));

  const reasons: Reason[] = [];
  const warnings: Reason[] = [];
  reasons.push(...digestReasons(inputs));
  const checks = checkReasons(policy, rule, inputs, inputs.model.tier ?? 0);
  const requirements = requirementStates(rule, inputs, now);
  if (inputs.release) {
    reasons.push(...requestReasons(policy, inputs));
    reasons.push(...approvalReasons(rule, requirements, inputs, now));
  } else {
    reasons.push(noRequest(policy, inputs));
  }
  reasons.push(...checks.blocking);
  const frozen = freezeReasons(inputs, now);
  reasons.push(...frozen.blocking);
  warnings.push(...frozen.marks, ...checks.warning);
  const rest = { upcoming: upcoming(inputs, rule, now), requirements };
  const glass = reasons.length > 0 ? brokenGlass(policy, inputs, reasons, now) : null;
  if (glass && "until" in glass)
    return {
      decision: "allow",
      reasons: [],
      warnings: [glass.mark, ...warnings],
      brokenBy: { ref: glass.ref, until: glass.until, passed: reasons },
      ...rest,
    };
  if (glass) reasons.unshift(glass.over);
  return { decision: reasons.length === 0 ? "allow" : "deny", reasons, warnings, brokenBy: null, ...rest };
}

/** Denied before anything else is asked; no emergency passes what makes every further question idle. */
const denied = (reasons: readonly Reason[]): GateDecision => ({
  decision: "deny",
  reasons: reasons.map((r) => ({ ...r, stands: true })),
  warnings: [],
  upcoming: [],
  brokenBy: null,
  requirements: [],
});

/** What makes every further question idle: no such model, no such version, the wrong environment, a prohibited use. */
function identityReasons(policy: Policy, { asked, model, version }: GateInputs): Reason | null {
  if (!policy.environments.some((e) => e === asked.environment))
    return {
      code: "WRONG_ENVIRONMENT",
      text: `No policy covers releases to ${asked.environment}.`,
      unblock: "ask for an environment that a policy covers",
      by: owners,
      link: "/releases",
    };
  if (!model)
    return {
      code: "UNKNOWN_MODEL",
      text: `The inventory has no model called ${asked.model}.`,
      unblock: "register the model, or ask with the name the inventory uses",
      by: { roles: ["contributor", "architect"] },
      link: "/models",
    };
  const link = `/models/${encodeURIComponent(model.name)}`;
  if (model.prohibited)
    return {
      code: "PROHIBITED",
      text: `${model.name} is classified as a prohibited practice. No signature can release it.`,
      unblock: "change what the model is used for and classify it again",
      by: { roles: ["contributor", "compliance"] },
      link,
    };
  if (!version)
    return {
      code: "UNKNOWN_VERSION",
      text: `${model.name} has no version ${asked.version} in the inventory.`,
      unblock: "register the version, then sync the registry",
      by: owners,
      link,
    };
  return null;
}

const tierless = ({ model }: GateInputs): Reason[] => [
  {
    code: "TIER_MISSING",
    text: `${model?.name ?? "The model"} has no risk tier, so nobody can say which approvals it needs.`,
    unblock: "answer the twelve risk questions",
    by: owners,
    link: `/models/${encodeURIComponent(model?.name ?? "")}/risk`,
  },
];

/** The bytes: known, and the same everywhere. */
function digestReasons({ asked, model, version, release }: GateInputs): Reason[] {
  const link = `/models/${encodeURIComponent(model?.name ?? "")}`;
  if (!version?.digest)
    return [
      {
        code: "DIGEST_UNKNOWN",
        text: `Nobody has measured the artefact of ${model?.name} ${asked.version}, so nothing can be pinned to it.`,
        unblock: "report the SHA-256 of the artefact",
        by: owners,
        link,
        stands: true,
      },
    ];
  if (asked.digest !== null && asked.digest !== version.digest)
    return [
      {
        code: "DIGEST_MISMATCH",
        text: `The artefact you hold is ${short(asked.digest)}; version ${asked.version} is registered as ${short(version.digest)}.`,
        unblock: "deploy the registered artefact, or register this one as a new version",
        by: owners,
        link,
        stands: true,
      },
    ];
  if (release && release.digest !== version.digest)
    return [
      {
        code: "REQUEST_OUTDATED",
        text: `${release.ref} was requested for ${short(release.digest)}; the version is now ${short(version.digest)}.`,
        unblock: "bring the request up to date, so that approvers sign the present artefact",
        by: owners,
        link: `/releases/${release.ref}`,
        stands: true,
      },
    ];
  return [];
}

const noRequest = (policy: Policy, { asked, model }: GateInputs): Reason => ({
  code: "NO_REQUEST",
  text: `Nobody has asked to release ${asked.model} ${asked.version} to ${asked.environment}.`,
  unblock: "request the release",
  by: owners,
  link: `/releases/new?model=${encodeURIComponent(model?.name ?? asked.model)}&version=${encodeURIComponent(asked.version)}&environment=${policy.environments[0]}`,
  stands: true,
});

/** The request itself: not ended, and pinned to what stands now. */
function requestReasons(policy: Policy, { release, standing }: GateInputs): Reason[] {
  if (!release) return [];
  const link = `/releases/${release.ref}`;
  const refresh = {
    unblock: "bring the request up to date; older signatures then show what changed",
    by: owners,
    link,
  };
  const out: Reason[] = [];
  if (release.policyDigest !== policy.digest)
    out.push({
      code: "POLICY_CHANGED",
      text: `The policy changed after ${release.ref} was requested (${short(release.policyDigest)} then, ${short(policy.digest)} now).`,
      ...refresh,
    });
  const moved = [
    release.decisionDigest !== standing.decisionDigest ? "the board's decision" : null,
    release.adrDigest !== standing.adrDigest ? "the decision record" : null,
    release.patternDigest !== standing.patternDigest ? "the reference architecture" : null,
  ].filter((m) => m !== null);
  if (moved.length > 0)
    out.push({
      code: "REQUEST_OUTDATED",
      text: `Since ${release.ref} was requested, ${listed(moved)} changed.`,
      ...refresh,
    });
  return out;
}

const soon = 14 * 86_400_000;

/** What will start to block within 14 days: signatures that end, a decision that runs out, conditions that fall due. */
function upcoming(inputs: GateInputs, rule: TierRule, now: Date): UpcomingReason[] {
  const until = new Date(now.getTime() + soon);
  const link = inputs.release
    ? `/releases/${inputs.release.ref}`
    : `/models/${encodeURIComponent(inputs.model?.name ?? "")}`;
  const out: UpcomingReason[] = inputs.approvals
    .filter((a) => a.expiresAt <= until && approvalState(a, rule, inputs, now) === "valid")
    .map((a) => ({
      on: day(a.expiresAt),
      code: "APPROVAL_EXPIRED",
      text: `${a.personName}'s approval as ${inSentence(roleName[a.role])} ends.`,
      link,
    }));
  if (inputs.decisionEnds && inputs.decisionEnds >= day(now) && inputs.decisionEnds <= day(until))
    out.push({ on: inputs.decisionEnds, code: "REVIEW_EXPIRED", text: "The board's decision runs out.", link });
  for (const c of inputs.openConditions)
    if (c.dueOn >= day(now) && c.dueOn <= day(until))
      out.push({ on: c.dueOn, code: "CONDITION_OVERDUE", text: `A condition falls due: ${c.text}`, link: c.link });
  out.push(...freezesComing(inputs, now));
  return out.sort((a, b) => a.on.localeCompare(b.on));
}
