import { z } from "zod";
import { day } from "@/lib/core/when";
import { outcomeLacks, type Tally } from "./quorum";
import {
  conditionKinds,
  conformances,
  FindingRef,
  type FindingStatus,
  Note,
  type Outcome,
  outcomes,
  ReviewRef,
  Round,
  type Severity,
} from "./review";

/** How long an approval stands, unless the model changes materially before (governance.md section 6.4). */
export const validMonths = 12;

const NewCondition = z.strictObject({
  text: Note(10, "Say what must be done"),
  kind: z.enum(conditionKinds).default("before_release"),
  owner: z.string().trim().min(1, "Choose an owner.").max(320).describe("Person id or e-mail address"),
  dueOn: day("Choose a due date."),
  closes: FindingRef.optional().describe("The finding that this condition closes"),
});

export const RecordDecision = z.strictObject({
  ref: ReviewRef,
  round: Round,
  outcome: z.enum(outcomes),
  rationale: Note(20, "Give the reasons"),
  conditions: z.array(NewCondition).max(50, "Use at most 50 conditions.").default([]),
  conformance: z
    .enum(conformances)
    .optional()
    .describe("How the design stands to the standards, apart from the decision"),
  until: day().optional().describe("For a deferral: by when what is missing must be there"),
});
export type RecordDecision = z.output<typeof RecordDecision>;

/** A finding as far as a decision depends on it. */
export type Weighed = { ref: string; title: string; severity: Severity; status: FindingStatus };

/** Months after a day, at the last day of a shorter month. */
export function monthsAfter(day: string, months: number): string {
  const [y = 0, m = 1, d = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(y, m - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(y, m - 1 + months, Math.min(d, last))).toISOString().slice(0, 10);
}

/**
 * Everything that keeps an outcome from being recorded, in words; empty when nothing does. The decision panel shows these
 * sentences beside its button, and the command refuses with the same ones.
 */
export function decisionLacks(
  decision: {
    outcome: Outcome;
    conditions: readonly { owner: string; dueOn: string; closes?: string | undefined }[];
    until?: string | undefined;
  },
  review: { tally: Tally; findings: readonly Weighed[]; deferredBefore: boolean; today: string },
): string[] {
  const { outcome, conditions } = decision;
  const out = outcomeLacks(outcome, review.tally, conditions.length);
  if (outcome === "deferred") {
    if (review.deferredBefore) out.push("It was deferred once already; decide it, or ask for changes.");
    if (!decision.until) out.push("Say by when what is missing must be there.");
  }
  if (outcome !== "approved_with_conditions" && conditions.length > 0)
    out.push("Conditions go with “approved with conditions” only.");
  for (const [i, condition] of conditions.entries()) {
    if (condition.owner === "") out.push(`Condition ${i + 1} has no owner.`);
    if (condition.dueOn === "") out.push(`Condition ${i + 1} has no due date.`);
    else if (condition.dueOn < review.today) out.push(`Condition ${i + 1} is due in the past.`);
  }
  if (outcome === "approved" || outcome === "approved_with_conditions") {
    for (const finding of review.findings) {
      if (finding.severity !== "must_fix" || finding.status === "verified") continue;
      if (conditions.some((c) => c.closes?.toUpperCase() === finding.ref)) continue;
      out.push(
        finding.status === "resolved"
          ? `${finding.ref} must be fixed; it is said to be resolved, and nobody verified it.`
          : `${finding.ref} must be fixed; resolve it, or close it by a condition.`,
      );
    }
  }
  return out;
}
