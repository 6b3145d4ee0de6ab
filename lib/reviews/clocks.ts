import type { ReviewStatus } from "./review";

/** A review stood in a status from one instant to another; `to` null: it stands there now. */
export type Span = { status: ReviewStatus; from: Date; to: Date | null };

/** Working time of a review since its first submission, in minutes: on the board's desk, on the submitter's, and their sum. */
export type Clocks = { board: number; submitter: number; total: number };

const onBoard: readonly ReviewStatus[] = ["in_review"];
const onSubmitter: readonly ReviewStatus[] = ["changes_requested", "deferred"];

/**
 * Whose desk a review lay on, and for how long (product.md: the board's own waiting time is a figure of its own). Every minute
 * from the first submission on lies on one desk, so the two sum to the total; nothing runs after a decision or a withdrawal.
 */
export function clocks(spans: readonly Span[], now: Date, minutes: (from: Date, to: Date) => number): Clocks {
  const time = (statuses: readonly ReviewStatus[]) =>
    spans
      .filter((span) => statuses.includes(span.status))
      .reduce((sum, span) => sum + minutes(span.from, span.to !== null && span.to < now ? span.to : now), 0);
  const [board, submitter] = [time(onBoard), time(onSubmitter)];
  return { board, submitter, total: board + submitter };
}
