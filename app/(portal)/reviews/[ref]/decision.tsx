import { DecisionPanel } from "@/components/reviews/decision-panel";
import type { Actor } from "@/lib/core/actor";
import { mayDecide } from "@/lib/reviews/rules";
import { decide } from "../actions";
import type { Review } from "./submission-view";

/** The chair's part, on the review's page and in a meeting's room: the outcome with its conditions, or why it cannot be recorded. */
export function Decision({ review, actor }: { review: Review; actor: Actor }) {
  const may = mayDecide(actor, review);
  return (
    <DecisionPanel
      key={review.round}
      review={{
        ref: review.ref,
        round: review.round,
        deferredBefore: review.deferredBefore,
        today: review.today,
        adr: review.adr?.ref ?? null,
      }}
      tally={review.tally}
      findings={review.findings.map(({ ref, title, severity, status }) => ({ ref, title, severity, status }))}
      cannot={may.ok ? null : may.reason}
      decide={decide}
    />
  );
}
