import "server-only";
import type { Reader } from "@/db/client";
import { prepared, send } from "@/db/transact";
import { personasOffered } from "@/lib/auth/demo";
import { type Role, roleName } from "@/lib/core/rights";
import { approvalState } from "./approval-state";
import { decide } from "./decide";
import type { Reason, RequirementState } from "./gate-inputs";
import { type Asked, type GateApproval, type GateRelease, type GateState, loadGate } from "./gate-load";
import { policyFor } from "./policies";
import { type Policy, tierRule } from "./policy";
import type { ApprovalState, GateReason, UpcomingReason } from "./release";
import { inSentence } from "./words";

/** The gate's answer with everything that pages show around it. */
export type GateAnswer = {
  decision: "allow" | "deny";
  reasons: readonly GateReason[];
  warnings: readonly GateReason[];
  upcoming: readonly UpcomingReason[];
  /** Set where the answer is an allow by break-glass only: what it passes, until when, and its signed statements. */
  brokenBy: Broken | null;
  policy: Policy | null;
  release: GateRelease | null;
  modelId: string | null;
  tier: number | null;
  /** The registered digest of the version, SHA-256 hex. */
  digest: string | null;
  approvals: readonly (GateApproval & { state: ApprovalState })[];
  requirements: readonly RequirementState[];
};

type Broken = {
  id: string;
  ref: string;
  until: Date;
  passed: readonly GateReason[];
  statements: readonly string[];
};

/** Answers the gate's question from what is on record at `now`. Reads only; asking through the API also signs and logs. */
export async function evaluateGate(
  read: Reader,
  asked: Asked,
  now: Date,
  demo = personasOffered(),
): Promise<GateAnswer> {
  const policy = policyFor(asked.environment);
  const state = await loadGate(read, asked, demo, now);
  const { inputs, release, approvals } = state;
  if (!policy) return { ...empty(state), reasons: [withoutPolicy(asked.environment)] };
  const answer = decide(policy, inputs, now);
  const rule = tierRule(policy, inputs.model?.tier ?? null);
  const { brokenBy } = answer;
  const told = [...answer.reasons, ...answer.warnings, ...(brokenBy?.passed ?? [])];
  const able = await holdersOf(read, rolesNamed(told), state);
  const name = (reason: Reason) => named(reason, able, state);
  return {
    ...empty(state),
    decision: answer.decision,
    reasons: answer.reasons.map(name),
    warnings: answer.warnings.map(name),
    upcoming: answer.upcoming,
    brokenBy:
      brokenBy && state.glass ? { ...state.glass, until: brokenBy.until, passed: brokenBy.passed.map(name) } : null,
    policy,
    release,
    approvals: approvals.map((a) => ({
      ...a,
      state: approvalState(a, rule ?? { minimumKey: "passkey" }, inputs, now),
    })),
    requirements: answer.requirements,
  };
}

const empty = ({ inputs, release }: GateState): GateAnswer => ({
  decision: "deny",
  reasons: [],
  warnings: [],
  upcoming: [],
  brokenBy: null,
  policy: null,
  release,
  modelId: inputs.model?.id ?? null,
  tier: inputs.model?.tier ?? null,
  digest: inputs.version?.digest ?? null,
  approvals: [],
  requirements: [],
});

const withoutPolicy = (environment: string): GateReason => ({
  code: "WRONG_ENVIRONMENT",
  text: `No policy covers releases to ${environment}.`,
  unblock: "ask for an environment that a policy covers",
  who: "whoever asks",
  link: "/releases",
});

type Holder = { role: Role; id: string; name: string };

const rolesNamed = (reasons: readonly Reason[]): Role[] => [
  ...new Set(reasons.flatMap((r) => ("roles" in r.by ? r.by.roles : []))),
];

/** Who holds one of these roles for the model's business unit. */
async function holdersOf(read: Reader, roles: readonly Role[], { businessUnitId }: GateState): Promise<Holder[]> {
  if (roles.length === 0) return [];
  return send<Holder>(read, holders, [businessUnitId, roles]);
}

const holders = prepared(
  "gate_holders",
  `
    with recursive up as (
      select id, parent_id from business_unit where id = $1::uuid
      union all select b.id, b.parent_id from business_unit b join up on b.id = up.parent_id
    )
    select distinct g.role, p.id, p.name from role_grant g join person p on p.id = g.person_id and p.active
    where g.role = any($2::text[]) and (g.business_unit_id is null or g.business_unit_id in (select id from up))
    order by p.name limit 200`,
);

const signs = new Set(["APPROVAL_MISSING"]);

/** A reason with the people who can clear it: for signatures, holders of the role other than requester and trainer; else the owner first. */
function named(reason: Reason, holders: readonly Holder[], state: GateState): GateReason {
  const { by, ...said } = reason;
  const { code, unblock } = said;
  if ("names" in by) return { ...said, who: by.names.join(", ") };
  const { release } = state.inputs;
  if (!signs.has(code) && by.roles.includes("contributor") && state.owner) {
    const backup = state.backupOwner ? ` or ${state.backupOwner.name}` : "";
    return { ...said, who: `${state.owner.name}${backup}, model owner` };
  }
  const able = holders.filter(
    (h) =>
      by.roles.includes(h.role) &&
      (!signs.has(code) || (h.id !== release?.requestedBy && h.id !== release?.trainedById)),
  );
  const people = [...new Map(able.map((h) => [h.id, h])).values()];
  if (people.length === 0)
    return {
      ...said,
      unblock: `${unblock}, once someone holds the role`,
      who: `nobody yet: no other person is ${by.roles.map((r) => inSentence(roleName[r])).join(" or ")} here`,
    };
  const shown = people.slice(0, 2).map((h) => `${h.name}, ${inSentence(roleName[h.role])}`);
  const rest = people.length - shown.length;
  return { ...said, who: `${shown.join(" or ")}${rest > 0 ? ` or ${rest} others` : ""}` };
}
