import { ConditionCard } from "@/components/reviews/condition-card";
import { Digest } from "@/components/ui/digest";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { Actor } from "@/lib/core/actor";
import { acceptCon, answerCon, extendCon, returnCon } from "../actions";
import type { Review } from "./submission-view";

const conditionActions = { answer: answerCon, accept: acceptCon, send: returnCon, extend: extendCon };

export function Conditions({ review, actor, report }: { review: Review; actor: Actor; report: boolean }) {
  if (review.conditions.length === 0) return null;
  return (
    <section className="ds" id="conditions">
      <h2>Conditions</h2>
      {review.conditions.map((c) => (
        <ConditionCard
          key={c.id}
          condition={c}
          closes={review.findings.find((f) => f.id === c.findingId)?.ref ?? null}
          review={review}
          actor={actor}
          actions={report ? null : conditionActions}
        />
      ))}
    </section>
  );
}

export function DecisionsMade({ review }: { review: Review }) {
  return review.decisions.map((d) => (
    <section className="ds" key={d.round}>
      <div className="row w">
        <h2>Decision{review.decisions.length > 1 ? `, round ${d.round}` : ""}</h2>
        <span className="sp" />
        <Status state={d.outcome} />
      </div>
      <p className="vn">{d.rationale}</p>
      <p className="lbl">
        {d.decider ?? (d.decidedBy === "system" ? "By rule, signed by the portal" : "unknown")},{" "}
        <When at={d.decidedAt} />
        {d.validUntil ? (
          <>
            . Valid until <When at={d.validUntil} show="day" />
          </>
        ) : null}
        .
      </p>
      <Digest value={`sha256:${d.digest}`} />
    </section>
  ));
}
