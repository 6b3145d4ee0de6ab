import { z } from "zod";
import { roles } from "@/lib/core/rights";
import { environments } from "@/lib/models/model";

/**
 * A release policy as it stands in content/policies: who must sign, which checks must hold, per risk tier.
 * The gate evaluates it with lib/releases/decide.ts; its digest is the SHA-256 of the file's exact bytes.
 */
const text = z.string().trim().min(1).max(600);
const slug = z.string().regex(/^[a-z][a-z0-9-]{1,60}$/);

const Requirement = z.strictObject({
  id: slug,
  title: z.string().min(1).max(60),
  /** Any of these roles may sign for the requirement. */
  roles: z.array(z.enum(roles)).min(1),
  count: z.int().min(1).max(5),
});
export type Requirement = z.output<typeof Requirement>;

const TierRule = z.strictObject({
  approvals: z.array(Requirement).max(8),
  /** How long a signature counts. */
  validityDays: z.int().min(1).max(365),
  /** Software keys count only in demo mode, whatever a policy says. */
  minimumKey: z.enum(["passkey", "software"]),
  /** What an unknown check does. */
  unknown: z.enum(["block", "warn"]),
  /** What CI should do when the portal cannot be asked. */
  failMode: z.enum(["closed", "open"]),
});
export type TierRule = z.output<typeof TierRule>;

const PolicyCheck = z.strictObject({
  id: slug,
  title: text,
  /** CEL, must yield a bool; an error or a missing value is unknown, never a pass. */
  expr: z.string().min(1).max(1000),
  /** `unknown`: when it does not hold, that is a lack of knowledge, so the tier's rule for unknown applies. */
  kind: z.enum(["rule", "unknown"]).default("rule"),
  tiers: z.array(z.int().min(1).max(4)).min(1).optional(),
  reason: z.string().regex(/^[A-Z][A-Z_]{3,40}$/),
  text,
  /** Completes "… can unblock this: whoever holds the roles …". */
  unblock: text,
  roles: z.array(z.enum(roles)).min(1),
});
export type PolicyCheck = z.output<typeof PolicyCheck>;

export const PolicyFile = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: text,
  owner: text,
  summary: text,
  environments: z.array(z.enum(environments)).min(1),
  separation: z.strictObject({
    distinctPersons: z.literal(true),
    refuseRequester: z.literal(true),
    refuseTrainer: z.literal(true),
  }),
  /** For how long two people may open the gate in an emergency; 0: not at all. A box shorter than the days until its review. */
  breakGlass: z.strictObject({ maximumHours: z.int().min(0).max(24) }).default({ maximumHours: 4 }),
  tiers: z.strictObject({ "1": TierRule, "2": TierRule, "3": TierRule, "4": TierRule }),
  checks: z.array(PolicyCheck).max(40),
  /** Registry alias to set when the gate allows. */
  setAlias: z.string().max(100).optional(),
});

export type Policy = z.output<typeof PolicyFile> & { digest: string };

/** The rule of a tier, or null where the model has none yet. */
export function tierRule(policy: Policy, tier: number | null): TierRule | null {
  switch (tier) {
    case 1:
      return policy.tiers["1"];
    case 2:
      return policy.tiers["2"];
    case 3:
      return policy.tiers["3"];
    case 4:
      return policy.tiers["4"];
    default:
      return null;
  }
}

/** Every role that some requirement of the tier accepts. */
export const rolesAskedFor = (rule: TierRule) => [...new Set(rule.approvals.flatMap((a) => a.roles))];
