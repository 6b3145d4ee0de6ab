import { PersonField } from "@/components/people/choice";
import { ActionForm } from "@/components/ui/action-form";
import { More } from "@/components/ui/deed";
import { TextArea } from "@/components/ui/field";
import { Avatar } from "@/components/ui/person";
import { When } from "@/components/ui/when";
import type { Actor } from "@/lib/core/actor";
import type { FormState } from "@/lib/http/form-action";
import { type Advice, mayAdvise, mayAskAdvice, maySayDone } from "@/lib/reviews/advice-rules";
import type { ReviewSubject } from "@/lib/reviews/rules";

type Action = (before: FormState, form: FormData) => Promise<FormState>;
export type AdviceActions = { ask: Action; give: Action; use: Action };

/** Whom the author asked, what they said in their own words, and what was done with it. */
export function AdviceLog({
  review,
  advice,
  actor,
  actions,
}: {
  review: ReviewSubject;
  advice: readonly Advice[];
  actor: Actor;
  actions: AdviceActions;
}) {
  const mayAsk = mayAskAdvice(actor, review);
  if (advice.length === 0 && !mayAsk.ok) return null;
  return (
    <section className="ds" id="advice-log">
      <h2>Advice</h2>
      {advice.length === 0 ? (
        <p className="mut">
          Nobody was asked yet. Who knows the matter, or is affected by it, is asked before the board is.
        </p>
      ) : null}
      {advice.map((a) => (
        <div className="vt" key={a.id}>
          <Avatar name={a.adviser} />
          <div>
            <b className="b">{a.adviser}</b>{" "}
            <span className="lbl">
              asked <When at={a.askedAt} />
            </span>
            <AdviceText advice={a} />
            {mayAdvise(actor, review, a).ok && a.answer === null ? (
              <ActionForm
                action={actions.give}
                submit="Give the advice"
                tone="outlined"
                hidden={{ advice: a.id }}
                guard
                label="Your advice"
              >
                <TextArea name="text" label="Your advice" rows={3} voice="record" />
              </ActionForm>
            ) : null}
            {maySayDone(actor, review, a).ok ? (
              <More title={a.done === null ? "Say what was done with it" : "Change what was done with it"}>
                <ActionForm
                  action={actions.use}
                  submit="Save"
                  tone="outlined"
                  hidden={{ advice: a.id }}
                  guard
                  label={`What was done with the advice of ${a.adviser}`}
                >
                  <TextArea name="text" label="What was done with it" rows={2} defaultValue={a.done ?? undefined} />
                </ActionForm>
              </More>
            ) : null}
          </div>
        </div>
      ))}
      {mayAsk.ok ? (
        <More title="Ask for advice">
          <ActionForm
            action={actions.ask}
            submit="Ask"
            tone="outlined"
            hidden={{ ref: review.ref }}
            guard
            label="Ask for advice"
          >
            <PersonField name="person" label="Whom" />
            <TextArea name="question" label="What you want to know" rows={3} />
          </ActionForm>
        </More>
      ) : null}
    </section>
  );
}

/** The question, the answer, and what came of it; also for the report. */
export function AdviceText({ advice: a }: { advice: Advice }) {
  return (
    <>
      <div className="said ink2">{a.question}</div>
      {a.answer === null ? <div className="mut">Has not answered.</div> : <div className="vn said">{a.answer}</div>}
      {a.answer !== null ? (
        <div className="lbl">{a.done === null ? "Nothing is said of what was done with it." : `Done: ${a.done}`}</div>
      ) : null}
    </>
  );
}
