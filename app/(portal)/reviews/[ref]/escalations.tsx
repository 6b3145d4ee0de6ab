import { ActionForm } from "@/components/ui/action-form";
import { TextArea } from "@/components/ui/field";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { Escalated } from "@/lib/reviews/escalated";
import { mayAnswerDisagreement } from "@/lib/reviews/escalation";
import { settle } from "../actions";
import type { Review } from "./submission-view";

const names = (told: readonly string[]) => (told.length === 0 ? "nobody: the post is vacant" : told.join(", "));

/** Steps that the ladders took, and the disagreement that stands, with the way to settle it. */
export function Escalations({ review, actor }: { review: Review; actor: Actor }) {
  const { escalations, disagreement } = review;
  const mayAnswer = mayAnswerDisagreement(actor, review);
  return (
    <>
      {escalations.length > 0 ? (
        <section className="ds" id="escalations">
          <h2>Escalations</h2>
          {escalations.map((e) => (
            <Step key={`${e.kind} ${e.condition} ${e.since.getTime()} ${e.step}`} step={e} />
          ))}
        </section>
      ) : null}
      {disagreement ? (
        <section className="ds" id="disagreement">
          <h2>A disagreement stands</h2>
          {mayAnswer.ok ? (
            <ActionForm action={settle} submit="Settle it" label="Settle the disagreement" hidden={{ ref: review.ref }}>
              <TextArea
                name="answer"
                label="What was settled"
                hint="It stays on the page and closes the disagreement."
                rows={3}
                voice="record"
              />
            </ActionForm>
          ) : (
            <WhyButton label="Settle it" reason={mayAnswer.reason} />
          )}
        </section>
      ) : null}
    </>
  );
}

function Step({ step: e }: { step: Escalated }) {
  return (
    <>
      <p className={e.kind === "disagreement" ? "vn" : "ink2"}>{e.text}</p>
      <p className="lbl">
        {e.raisedBy ? `${e.raisedBy}, to ` : "Told "}
        {names(e.told)}, <When at={e.raisedAt} />.
      </p>
      {e.answeredAt ? (
        <p className="ink2">
          {e.answer}{" "}
          <span className="lbl">
            {e.answeredBy}, <When at={e.answeredAt} />
          </span>
        </p>
      ) : null}
    </>
  );
}
