import { ActionForm } from "@/components/ui/action-form";
import { More } from "@/components/ui/deed";
import { DateField, SelectField, TextArea } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { mayAskAcceptance, mayDecideAcceptance } from "@/lib/acceptances/acceptance";
import type { Acceptance } from "@/lib/acceptances/read";
import type { Actor } from "@/lib/core/actor";
import type { FormState } from "@/lib/http/form-action";
import { authorityName, impacts, likelihoods, mayEnd, needsInWords } from "@/lib/readiness/risk-acceptance";
import { maxWaiverDays } from "@/lib/readiness/waiver";
import type { ReviewSubject } from "@/lib/reviews/rules";
import type { Submission } from "@/lib/reviews/submission";

type Action = (before: FormState, form: FormData) => Promise<FormState>;
export type AcceptanceActions = { ask: Action; decide: Action; end: Action };

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const options = (values: readonly string[]) => values.map((value) => ({ value, label: capital(value) }));

/** Who bears which risk of the submission until when, and what the reader may do about it. */
export function Acceptances({
  review,
  actor,
  actions,
}: {
  review: ReviewSubject & { submission: Submission; acceptances: readonly Acceptance[] };
  actor: Actor;
  actions: AcceptanceActions | null;
}) {
  const waiting = new Set(review.acceptances.filter((x) => x.state === "requested").map((x) => x.risk));
  const risks = (review.submission.riskList ?? []).flatMap((r) => {
    const risk = (r.risk ?? "").trim();
    return risk === "" || waiting.has(risk) ? [] : [risk];
  });
  const may = mayAskAcceptance(actor, review);
  const tier = review.tier === 2 || review.tier === 3 || review.tier === 4 ? review.tier : 1;
  return (
    <>
      {review.acceptances.map((x) => (
        <One key={x.id} acceptance={x} actor={actor} actions={actions} />
      ))}
      {actions && may.ok && risks.length > 0 ? (
        <More title="Ask that a risk be accepted">
          <ActionForm
            action={actions.ask}
            submit="Ask"
            tone="outlined"
            hidden={{ ref: review.ref }}
            guard
            label="Ask that a risk be accepted"
          >
            <SelectField name="risk" label="Risk" options={risks.map((r) => ({ value: r, label: r }))} />
            <TextArea name="reason" label="Why it is borne rather than reduced" voice="record" rows={2} />
            <SelectField name="likelihood" label="How likely it is, as treated" options={options(likelihoods)} />
            <SelectField name="impact" label="How bad it would be" options={options(impacts)} />
            <TextArea name="affected" label="Who is affected, and how" voice="record" rows={2} />
            <DateField name="expiresOn" label="Until" hint={`At most ${maxWaiverDays[tier]} days in tier ${tier}.`} />
          </ActionForm>
        </More>
      ) : null}
    </>
  );
}

function One({
  acceptance: x,
  actor,
  actions,
}: {
  acceptance: Acceptance;
  actor: Actor;
  actions: AcceptanceActions | null;
}) {
  const ruling = mayDecideAcceptance(actor, x.rules);
  return (
    <article className="co" id={x.ref} aria-label={x.ref}>
      <div className="row w">
        <span className="mono mut">{x.ref}</span>
        <span className="lbl">{x.statement.level} risk</span>
        <span className="sp" />
        <Standing acceptance={x} />
      </div>
      <div>{x.risk}</div>
      <p className="ink2">{x.reason}</p>
      <div className="f">
        <span className="fi">
          {capital(x.statement.likelihood)}, {x.statement.impact}
        </span>
        <span className={x.over ? "fi bad" : "fi"}>
          until <When at={x.expiresAt} show="day" />
        </span>
        {x.renewal > 0 ? <span className="fi">Accepted {x.renewal} times within a year before</span> : null}
      </div>
      <p className="lbl">{x.statement.affected}</p>
      {x.given.map((g) => (
        <p className="lbl" key={g.part}>
          Accepted by {g.name} as {authorityName[g.authority]}, <When at={g.at} />: {g.reason}
        </p>
      ))}
      <p className="lbl">
        Asked by {x.asker}.{x.state === "requested" ? ` It takes ${needsInWords(x.needs)}.` : ""}
        {x.refuser ? ` Refused by ${x.refuser}: ${x.refusedReason}` : ""}
      </p>
      {actions && x.state === "requested" ? (
        ruling.ok ? (
          <More title="Rule on it">
            <ActionForm
              action={actions.decide}
              submit="Decide"
              tone="act"
              hidden={{ ref: x.ref }}
              label={`Rule on ${x.ref}`}
            >
              <SelectField
                name="outcome"
                label="Decision"
                options={[
                  { value: "accepted", label: "Accept the risk" },
                  { value: "refused", label: "Refuse" },
                ]}
              />
              <TextArea name="reason" label="Reason" voice="record" rows={2} />
            </ActionForm>
          </More>
        ) : (
          <WhyButton label={`Rule on ${x.ref}`} reason={ruling.reason} />
        )
      ) : null}
      {actions && mayEnd(actor, x.rules, "risk acceptance").ok ? (
        <More title={x.state === "requested" ? "Take the request back" : "End it"}>
          <ActionForm
            action={actions.end}
            submit={x.state === "requested" ? "Take it back" : "End it"}
            tone="outlined"
            hidden={{ ref: x.ref }}
            label={`End ${x.ref}`}
          >
            <TextArea name="reason" label="Why it is not needed" rows={2} />
          </ActionForm>
        </More>
      ) : null}
    </article>
  );
}

function Standing({ acceptance: x }: { acceptance: Acceptance }) {
  if (x.over) return <Status state="overdue" word="Ran out" />;
  if (x.state === "ended") return <Status state="not_applicable" word="Ended" />;
  return <Status state={x.state} />;
}
