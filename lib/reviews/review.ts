/** Vocabulary of the review board (governance.md section 6). */
export const lanes = ["self_service", "fast_track", "full_board", "emergency"] as const;
export type Lane = (typeof lanes)[number];

export const reviewStatuses = [
  "draft",
  "in_review",
  "changes_requested",
  "approved",
  "approved_with_conditions",
  "deferred",
  "rejected",
  "withdrawn",
] as const;
export type ReviewStatus = (typeof reviewStatuses)[number];

export const outcomes = ["approved", "approved_with_conditions", "deferred", "rejected"] as const;
export type Outcome = (typeof outcomes)[number];

/** One reason why triage chose a lane: the rule, and the answer that met it. */
export type TriageReason = { rule: string; text: string };

export type Submission = {
  summary: string;
};
