import type { Role } from "@/lib/core/rights";
import type { Requirement } from "./policy";
import type { PolicyFacts } from "./policy-checks";
import type { ApprovalDecision, UpcomingReason } from "./release";

/** What a gate decision is made from. Digests are SHA-256 in lower-case hex, days are YYYY-MM-DD. */
export type GateInputs = {
  asked: { model: string; version: string; digest: string | null; environment: string };
  model: { id: string; name: string; tier: number | null; prohibited: boolean } | null;
  version: { id: string; digest: string | null; status: string } | null;
  release: {
    ref: string;
    status: string;
    digest: string;
    policyDigest: string;
    decisionDigest: string | null;
    adrDigest: string | null;
    patternDigest: string | null;
    /** SHA-256 hex of the request statement that approvals name. */
    requestSha256: string;
    requestedBy: string;
    trainedById: string | null;
  } | null;
  approvals: readonly ApprovalInput[];
  /** Digests that stand now; a request that pins others is out of date. */
  standing: { decisionDigest: string | null; adrDigest: string | null; patternDigest: string | null };
  facts: PolicyFacts;
  /** Titles of the items behind the readiness counts, to name them in the answer. */
  items: { failed: readonly Item[]; unknown: readonly Item[] };
  openConditions: readonly { text: string; owner: string; dueOn: string; blocking: boolean; link: string }[];
  decisionEnds: string | null;
  /** The latest one of this release that a second person confirmed; null where there was none. */
  breakGlass: BreakGlassInput | null;
  /** Those that hold now or begin within 14 days, for this environment and the model's unit. */
  freezes: readonly FreezeInput[];
  /** Demo mode: software keys of personas count. */
  demo: boolean;
};

export type Item = { id: string; title: string; why: string };

export type ApprovalInput = {
  personId: string;
  personName: string;
  role: Role;
  decision: ApprovalDecision;
  reason: string;
  /** Digest of the artefact and of the request statement that the person signed. */
  digest: string;
  requestSha256: string;
  keyKind: "passkey" | "software";
  signedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
};

/** A window in which nothing is released. `unit`: whose; null: everyone's. `timeZone`: in which it is told. */
export type FreezeInput = {
  ref: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  reason: string;
  unit: string | null;
  exempted: { by: string; reason: string } | null;
};

/** A break-glass that was confirmed: for one digest in one environment, until an instant. */
export type BreakGlassInput = {
  ref: string;
  digest: string;
  environment: string;
  requestedBy: string;
  requesterName: string;
  confirmedBy: string;
  confirmerName: string;
  keyKind: "passkey" | "software";
  confirmedAt: Date;
  until: Date;
  /** Ended before its time by a person. */
  endedAt: Date | null;
};

/** Whoever can clear a reason: holders of a role, or named persons. */
export type Unblocker = { roles: readonly Role[] } | { names: readonly string[] };
/** `stands`: break-glass does not pass it. */
export type Reason = { code: string; text: string; unblock: string; by: Unblocker; link: string; stands?: true };

export type GateDecision = {
  decision: "allow" | "deny";
  reasons: readonly Reason[];
  /** What does not block in this tier but is not well either. */
  warnings: readonly Reason[];
  upcoming: readonly UpcomingReason[];
  /** Set where only break-glass makes it an allow: by which, until when, and the reasons that it passes. */
  brokenBy: { ref: string; until: Date; passed: readonly Reason[] } | null;
  requirements: readonly RequirementState[];
};

export type RequirementState = { requirement: Requirement; have: number; met: boolean };
