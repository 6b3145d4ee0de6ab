import { EvidenceField } from "@/components/evidence/evidence-field";
import { Deed, type DeedAction } from "@/components/ui/deed";
import { Digest } from "@/components/ui/digest";
import { DateField, TextArea, TextField } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { type ConditionKind, type ConditionStatus, conditionKindName } from "@/lib/reviews/review";
import { mayAnswerCondition, mayExtendCondition, mayJudgeAnswer } from "@/lib/reviews/rules";

export type ConditionActions = { answer: DeedAction; accept: DeedAction; send: DeedAction; extend: DeedAction };

export type ShownCondition = {
  id: string;
  ref: string;
  text: string;
  kind: ConditionKind;
  status: ConditionStatus;
  ownerId: string;
  owner: string;
  dueOn: string;
  firstDueOn: string | null;
  extensionReason: string | null;
  overdue: boolean;
  answer: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
  evidenceSha256: string | null;
  evidenceUrl: string | null;
  returnedReason: string | null;
  acceptedAt: Date | null;
};

/** A dated duty from a decision: who owes what by when, the evidence given, and the next step. */
export function ConditionCard({
  condition,
  closes,
  review,
  actor,
  actions,
}: {
  condition: ShownCondition;
  closes: string | null;
  review: { unitId: string | null; partyIds: readonly string[] };
  actor: Actor;
  actions: ConditionActions | null;
}) {
  const subject = { ...condition, unitId: review.unitId, partyIds: review.partyIds };
  return (
    <article className="co" id={condition.ref} aria-label={`${condition.ref}`}>
      <div className="row w">
        <span className="mono mut">{condition.ref}</span>
        <span className="sp" />
        <Status state={condition.overdue ? "overdue" : condition.status} />
      </div>
      <div>{condition.text}</div>
      <div className="f">
        <span className="fi">{condition.owner}</span>
        <span className={condition.overdue ? "fi bad" : "fi"}>
          <When at={condition.dueOn} show="day" />
        </span>
        <span className="fi">{conditionKindName[condition.kind]}</span>
        {closes ? <span className="fi">Closes {closes}</span> : null}
      </div>
      {condition.firstDueOn ? (
        <div className="lbl" style={{ marginTop: 6 }}>
          First due <When at={condition.firstDueOn} show="day" />. Extended: {condition.extensionReason}
        </div>
      ) : null}
      {condition.answer ? (
        <div style={{ marginTop: 8 }}>
          <div className="lbl">
            Answered <When at={condition.answeredAt} />
            {condition.acceptedAt ? (
              <>
                , accepted <When at={condition.acceptedAt} />
              </>
            ) : null}
          </div>
          <div className="said">{condition.answer}</div>
          {condition.evidenceSha256 ? (
            <a href={`/api/v1/evidence/${condition.evidenceSha256}`}>
              <Digest value={`sha256:${condition.evidenceSha256}`} copy={false} />
            </a>
          ) : null}
          {condition.evidenceUrl ? (
            <a href={condition.evidenceUrl} rel="noreferrer noopener" className="break">
              {condition.evidenceUrl}
            </a>
          ) : null}
        </div>
      ) : null}
      {condition.returnedReason && condition.status === "open" ? (
        <div style={{ marginTop: 8 }}>
          <span className="st care">Returned</span> {condition.returnedReason}
        </div>
      ) : null}
      {actions ? <Next condition={subject} actor={actor} actions={actions} /> : null}
    </article>
  );
}

function Next({
  condition,
  actor,
  actions,
}: {
  condition: ShownCondition & { unitId: string | null; partyIds: readonly string[] };
  actor: Actor;
  actions: ConditionActions;
}) {
  const answer = mayAnswerCondition(actor, condition);
  const accept = mayJudgeAnswer(actor, condition);
  const extend = mayExtendCondition(actor, condition);
  return (
    <div className="no-print" style={{ marginTop: 8 }}>
      {condition.status === "open" ? (
        answer.ok ? (
          <Deed
            title="Answer with evidence"
            submit="Answer"
            action={actions.answer}
            record={condition.ref}
            label={`Answer ${condition.ref}`}
          >
            <TextArea name="text" label="What was done" rows={3} />
            <EvidenceField />
            <TextField name="evidenceUrl" label="Address of the evidence" hint="Or a file above." optional type="url" />
          </Deed>
        ) : (
          <WhyButton label="Answer" reason={answer.reason} />
        )
      ) : null}
      {condition.status === "answered" ? (
        accept.ok ? (
          <>
            <Deed
              title="Accept the answer"
              action={actions.accept}
              record={condition.ref}
              label={`Accept ${condition.ref}`}
            />
            <Deed title="Return" action={actions.send} record={condition.ref} label={`Return ${condition.ref}`}>
              <TextArea name="reason" label="What is missing" rows={2} />
            </Deed>
          </>
        ) : (
          <WhyButton label="Accept the answer" reason={accept.reason} />
        )
      ) : null}
      {extend.ok ? (
        <Deed title="Extend" action={actions.extend} record={condition.ref} label={`Extend ${condition.ref}`}>
          <DateField name="dueOn" label="New due date" min={condition.dueOn} />
          <TextArea name="reason" label="Reason" rows={2} />
        </Deed>
      ) : null}
    </div>
  );
}
