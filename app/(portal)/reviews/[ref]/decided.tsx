import { Signature } from "lucide-react";
import { ConditionCard } from "@/components/reviews/condition-card";
import { SignForm } from "@/components/signing/sign-form";
import { Digest } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { Actor } from "@/lib/core/actor";
import { mayWrite } from "@/lib/decisions/decision";
import { maySignDecision } from "@/lib/reviews/decider";
import { acceptCon, answerCon, extendCon, openDecision, returnCon, signDecisionDemo } from "../actions";
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

/** `sign` false on the report, where nothing can be done. */
export function DecisionsMade({ review, actor, sign }: { review: Review; actor: Actor; sign: boolean }) {
  const [latest] = review.decisions;
  return review.decisions.map((d) => (
    <section className="ds" key={d.round} id={d === latest ? "decided" : undefined}>
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
      {d.deciders.length > 0 ? (
        <p className={d.signatures.length === d.deciders.length ? "st pass" : "lbl"}>
          {d.signatures.length === d.deciders.length ? <Signature className="i" aria-hidden="true" /> : null}
          {d.signatures.length === 0
            ? `None of the ${d.deciders.length} who decided has signed with a key of their own yet.`
            : `Signed by ${d.signatures.length} of the ${d.deciders.length} who decided, with keys of their own: ${d.signatures.map((s) => s.name).join(", ")}.`}
        </p>
      ) : null}
      {sign && latest === d && review.adr === null && d.outcome !== "deferred" && mayWrite(actor, null).ok ? (
        <p>
          <Link href={`/decisions/new?review=${review.ref}`}>Write it down as a decision record</Link>, begun from what
          was submitted and decided.
        </p>
      ) : null}
      {sign && latest === d && maySignDecision(actor, subjectOf(review.ref, d)).ok ? (
        <div style={{ marginTop: 8 }}>
          <SignForm
            label="Sign the decision"
            note="Your key then answers for this outcome, its reasons and conditions, your vote, and exactly what was decided on."
            open={openDecision}
            signDemo={signDecisionDemo}
            large={false}
          >
            <input type="hidden" name="ref" value={review.ref} />
          </SignForm>
        </div>
      ) : null}
    </section>
  ));
}

const subjectOf = (ref: string, d: Review["decisions"][number]) => ({
  ref,
  deciders: d.deciders,
  signedBy: d.signatures.map((s) => s.personId),
});
