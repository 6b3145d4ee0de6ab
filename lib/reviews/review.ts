import { z } from "zod";
import { whole } from "@/lib/core/whole";

/** Vocabulary of the review board (governance.md section 6). */
export const lanes = ["self_service", "fast_track", "full_board", "emergency"] as const;
export type Lane = (typeof lanes)[number];

export const laneName: Record<Lane, string> = {
  self_service: "Self-service",
  fast_track: "Fast track",
  full_board: "Full board",
  emergency: "Emergency",
};

/** Business days each lane promises from the first submission. */
export const lanePromise: Record<Lane, number> = { emergency: 0, self_service: 1, fast_track: 3, full_board: 10 };

/** Later in this list means more eyes; emergency stands apart. */
export const laneRank: Record<Lane, number> = { emergency: 0, self_service: 1, fast_track: 2, full_board: 3 };

export const reviewStatuses = [
  "draft",
  "in_review",
  "changes_requested",
  "approved",
  "approved_with_conditions",
  "deferred",
  "rejected",
  "withdrawn",
  "not_required",
] as const;
export type ReviewStatus = (typeof reviewStatuses)[number];

export const statusName: Record<ReviewStatus, string> = {
  draft: "Draft",
  in_review: "In review",
  changes_requested: "Changes requested",
  approved: "Approved",
  approved_with_conditions: "Approved with conditions",
  deferred: "Deferred",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  not_required: "Not required",
};

/** What the board's votes come to. */
export const outcomes = ["approved", "approved_with_conditions", "deferred", "rejected"] as const;
export type Voted = (typeof outcomes)[number];
/** How a review can end by a signed record: as voted, or because no decision is needed (not-required.ts). */
export type Outcome = Voted | "not_required";

/** Where each outcome leaves the review. An outcome without a destination does not compile. */
export const outcomeLeadsTo = {
  approved: "approved",
  approved_with_conditions: "approved_with_conditions",
  deferred: "deferred",
  rejected: "rejected",
  not_required: "not_required",
} as const satisfies Record<Outcome, ReviewStatus>;

/** The author works on the submission in these states; the board waits. */
export const editable: readonly ReviewStatus[] = ["draft", "changes_requested", "deferred"];

/** Submitted and not decided for good: what one model can be in once at a time. */
export const openStatuses = ["in_review", "changes_requested", "deferred"] as const satisfies readonly ReviewStatus[];

/** The strictest tier of several models: the lowest number that is known. Null: none is known. */
export const strictestTier = (tiers: readonly (number | null)[]): number | null => {
  const known = tiers.filter((t) => t !== null);
  return known.length > 0 ? Math.min(...known) : null;
};

/** One reason why triage chose a lane: the rule, and the answer that met it. */
export type TriageReason = { rule: string; text: string };

/** Seats of the board (governance.md section 6.4). Operations is any board member without a more particular mandate. */
export const seats = [
  "chair",
  "model_risk",
  "security",
  "privacy",
  "compliance",
  "architecture",
  "operations",
] as const;
export type Seat = (typeof seats)[number];

export const seatName: Record<Seat, string> = {
  chair: "Chair",
  model_risk: "Model risk",
  security: "Security",
  privacy: "Privacy",
  compliance: "Compliance",
  architecture: "Architecture",
  operations: "Operations",
};

export const choices = ["approve", "approve_with_conditions", "reject", "abstain"] as const;
export type Choice = (typeof choices)[number];

export const choiceName: Record<Choice, string> = {
  approve: "Approve",
  approve_with_conditions: "Approve with conditions",
  reject: "Reject, dissent on record",
  abstain: "Abstain",
};

export const severities = ["must_fix", "should_fix", "note"] as const;
export type Severity = (typeof severities)[number];
export const severityName: Record<Severity, string> = { must_fix: "Must fix", should_fix: "Should fix", note: "Note" };

export const findingStatuses = ["open", "accepted", "resolved", "verified"] as const;
export type FindingStatus = (typeof findingStatuses)[number];

export const conditionKinds = ["before_build", "before_release", "after_release"] as const;
export type ConditionKind = (typeof conditionKinds)[number];
export const conditionKindName: Record<ConditionKind, string> = {
  before_build: "Before build",
  before_release: "Before release",
  after_release: "After release",
};

export const conditionStatuses = ["open", "answered", "closed", "withdrawn"] as const;
export type ConditionStatus = (typeof conditionStatuses)[number];

/** TOGAF's words for how a design stands to the standards: the reviewers' finding, apart from the decision. */
export const conformances = [
  "irrelevant",
  "consistent",
  "compliant",
  "conformant",
  "fully_conformant",
  "non_conformant",
] as const;

export type Conformance = (typeof conformances)[number];
export const conformanceName: Record<Conformance, string> = {
  irrelevant: "Irrelevant",
  consistent: "Consistent",
  compliant: "Compliant",
  conformant: "Conformant",
  fully_conformant: "Fully conformant",
  non_conformant: "Non-conformant",
};

export const ReviewRef = z
  .string()
  .trim()
  .max(60)
  .regex(/^(REV-\d{1,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, "Use a reference like REV-0412.");
export const FindingRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^FND-\d{1,9}$/i, "Use a reference like FND-0003.");
export const ConditionRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^CON-\d{1,9}$/i, "Use a reference like CON-0012.");
export const Round = whole(z.number().int().min(1).max(1000)).describe("Round of the submission that was read");
export const Note = (least: number, what: string) =>
  z
    .string()
    .trim()
    .min(least, `${what} in at least ${least} characters.`)
    .max(10_000, "Use at most 10,000 characters.");
