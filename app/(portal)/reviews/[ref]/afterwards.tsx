import { ActionForm } from "@/components/ui/action-form";
import { RadioField, SelectField, TextArea } from "@/components/ui/field";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { lookOutcomeName, lookOutcomes, mayAnswerSurvey, mayLookBack, surveyQuestions } from "@/lib/reviews/look";
import { answerQuestions, lookAgain } from "../actions";
import type { Review } from "./submission-view";

const scores = [
  { value: "1", label: "1, not at all" },
  { value: "2", label: "2" },
  { value: "3", label: "3" },
  { value: "4", label: "4" },
  { value: "5", label: "5, fully" },
];

/** The later look at a decision that was drawn or made in an emergency: asked for, or what was found. */
export function Look({ review, actor }: { review: Review; actor: Actor }) {
  if (review.lookDueOn === null) return null;
  const may = mayLookBack(actor, review);
  return (
    <section className="ds" id="look">
      <div className="row">
        <h2>Later look</h2>
        <span className="sp" />
        {review.lookedAt ? null : (
          <span className="lbl">
            by <When at={review.lookDueOn} show="day" />
          </span>
        )}
      </div>
      {review.lookedAt && review.lookOutcome ? (
        <>
          <p className="b">{review.lookOutcome === "stands" ? "It stands" : "Doubted"}</p>
          <p className="vn">{review.lookText}</p>
          <p className="lbl">
            {review.looker ?? "unknown"}, <When at={review.lookedAt} />
          </p>
        </>
      ) : may.ok ? (
        <ActionForm action={lookAgain} submit="Record the look" label="Look again" hidden={{ ref: review.ref }}>
          <RadioField
            name="outcome"
            label="What you found"
            options={lookOutcomes.map((o) => ({ value: o, label: lookOutcomeName[o] }))}
          />
          <TextArea name="text" label="What you looked at" rows={3} voice="record" />
        </ActionForm>
      ) : (
        <WhyButton label="Look again" reason={may.reason} />
      )}
    </section>
  );
}

/** Those concerned say how the review was, once it is decided. */
export function Survey({ review, actor }: { review: Review; actor: Actor }) {
  if (!mayAnswerSurvey(actor, review).ok) return null;
  const { mySurvey: mine } = review;
  return (
    <section className="ds no-print" id="survey">
      <h2>How was this review?</h2>
      <ActionForm
        action={answerQuestions}
        submit={mine ? "Change your answer" : "Send"}
        tone="outlined"
        label="How was this review?"
        hidden={{ ref: review.ref }}
        keep
      >
        {surveyQuestions.map((q) => (
          <SelectField
            key={q.id}
            name={`${q.id}:number`}
            label={q.text}
            optional
            blank="no answer"
            options={scores}
            defaultValue={mine?.[q.id] ? String(mine[q.id]) : undefined}
          />
        ))}
        <TextArea
          name="text"
          label="What should be different"
          hint="The chair reads it, under your name."
          optional
          rows={2}
          defaultValue={mine?.text}
        />
      </ActionForm>
    </section>
  );
}
