import { type Role, roleName } from "@/lib/core/rights";
import { sayDay } from "@/lib/core/say-day";
import type { ApprovalInput, GateInputs, Reason, RequirementState, Unblocker } from "./gate-inputs";
import type { TierRule } from "./policy";
import type { ApprovalState } from "./release";
import { seat } from "./seats";
import { inSentence, listed, short } from "./words";

/** Where one signature stands. Exactly one state; only `valid` counts. */
export function approvalState(
  approval: ApprovalInput,
  rule: Pick<TierRule, "minimumKey">,
  inputs: Pick<GateInputs, "release" | "demo">,
  now: Date,
): ApprovalState {
  if (approval.revokedAt) return "revoked";
  if (approval.decision === "REJECT") return "rejected";
  if (
    inputs.release &&
    (approval.digest !== inputs.release.digest || approval.requestSha256 !== inputs.release.requestSha256)
  )
    return "stale";
  if (approval.expiresAt <= now) return "expired";
  if (approval.keyKind === "software" && !inputs.demo && rule.minimumKey === "passkey") return "weak";
  return "valid";
}

/**
 * How far each requirement is filled, by distinct persons over all of them together: nobody counts twice, be it with two roles, with two
 * keys, or in a role that two requirements accept; never the requester or the trainer. It is the matching that proves a policy passable,
 * so that a gate never asks for less than the policy was proven with.
 */
export function requirementStates(rule: TierRule, inputs: GateInputs, now: Date): RequirementState[] {
  const signed = new Map<string, Role[]>();
  for (const a of inputs.approvals)
    if (
      a.personId !== inputs.release?.requestedBy &&
      a.personId !== inputs.release?.trainedById &&
      approvalState(a, rule, inputs, now) === "valid"
    )
      signed.set(a.personId, [...(signed.get(a.personId) ?? []), a.role]);
  const { seated } = seat(
    rule.approvals,
    [...signed].map(([id, roles]) => ({ id, roles })),
  );
  return rule.approvals.map((requirement, i) => {
    const have = seated[i]?.length ?? 0;
    return { requirement, have, met: have === requirement.count };
  });
}

export function approvalReasons(
  rule: TierRule,
  states: readonly RequirementState[],
  inputs: GateInputs,
  now: Date,
): Reason[] {
  const { release } = inputs;
  if (!release) return [];
  const link = `/releases/${release.ref}`;
  const rejections = inputs.approvals.filter((a) => a.decision === "REJECT" && !a.revokedAt);
  const out: Reason[] = rejections.map((a) => ({
    code: "APPROVAL_REJECTED",
    text: `${a.personName} rejected this release as ${inSentence(roleName[a.role])}: ${a.reason}`,
    unblock: "can take the rejection back once its reason is gone",
    by: { names: [a.personName] },
    link,
    // Somebody read this very request and said no; that is answered with a new request, in the open.
    stands: true,
  }));
  for (const { requirement, have, met } of states) {
    if (met) continue;
    const theirs = inputs.approvals.filter((a) => requirement.roles.includes(a.role) && a.decision === "APPROVE");
    const spoilt = theirs
      .map((a) => ({ a, state: approvalState(a, rule, inputs, now) }))
      .filter((s) => s.state !== "valid" && s.state !== "revoked");
    for (const { a, state } of spoilt) out.push(spoiltReason(a, state, release, link));
    if (spoilt.length === 0)
      out.push({
        code: "APPROVAL_MISSING",
        text: `Tier ${inputs.model?.tier} needs ${requirement.count - have === 1 ? "a signature" : `${requirement.count - have} signatures`} for ${requirement.title.toLowerCase()} (${listed(
          requirement.roles.map((r) => inSentence(roleName[r])),
          "or",
        )}). None counts for digest ${short(release.digest)}.`,
        unblock: "can read and sign",
        by: { roles: requirement.roles },
        link,
      });
  }
  return out;
}

function spoiltReason(
  a: ApprovalInput,
  state: ApprovalState,
  release: NonNullable<GateInputs["release"]>,
  link: string,
): Reason {
  const by: Unblocker = { names: [a.personName] };
  const role = roleName[a.role];
  if (state === "expired")
    return {
      code: "APPROVAL_EXPIRED",
      text: `${a.personName}'s approval as ${inSentence(role)} ended on ${sayDay(a.expiresAt)}.`,
      unblock: "can sign again",
      by,
      link,
    };
  if (state === "weak")
    return {
      code: "KEY_TOO_WEAK",
      text: `${a.personName} signed as ${inSentence(role)} with a software key; the policy asks for a passkey.`,
      unblock: "can enrol a passkey and sign again",
      by,
      link,
    };
  return {
    code: "APPROVAL_STALE",
    text:
      a.digest === release.digest
        ? `${a.personName} signed an earlier form of this request as ${inSentence(role)}; what it pins has changed since ${sayDay(a.signedAt)}.`
        : `${role} approved digest ${short(a.digest)}. The request now points at ${short(release.digest)}.`,
    unblock: "can sign again after reading what changed",
    by,
    link,
  };
}
