import { ActionForm } from "@/components/ui/action-form";
import { More } from "@/components/ui/deed";
import { SelectField, TextArea } from "@/components/ui/field";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { no } from "@/lib/core/refusal";
import { mayAskForChange } from "@/lib/reviews/change-rules";
import { mayRaiseDisagreement } from "@/lib/reviews/escalation";
import { maySayNotRequired } from "@/lib/reviews/not-required-rules";
import { laneName } from "@/lib/reviews/review";
import { mayChangeLane, mayDecide, mayRecuse, mayRequestChanges, mayWithdraw } from "@/lib/reviews/rules";
import { askForChanges, beginChange, disagree, moveLane, notRequired, recuse, withdraw } from "../actions";
import type { Review } from "./submission-view";

/** The less usual steps. */
export function Ways({ review, actor }: { review: Review; actor: Actor }) {
  const hidden = { ref: review.ref };
  const changes = mayRequestChanges(actor, review);
  const lane = mayChangeLane(actor, review);
  const aside = mayRecuse(actor, review);
  const back = mayWithdraw(actor, review);
  const disagreement = review.disagreement
    ? no("conflict", "One stands already.")
    : mayRaiseDisagreement(actor, review);
  const change = mayAskForChange(actor, review);
  const needless = maySayNotRequired(actor, { ...review, voted: review.votes.length });
  if (
    !change.ok &&
    !mayDecide(actor, review).ok &&
    !changes.ok &&
    !lane.ok &&
    !aside.ok &&
    !back.ok &&
    !disagreement.ok
  )
    return null;
  return (
    <section className="ds ways no-print">
      <h2>More</h2>
      {change.ok ? (
        <More title="Ask for a change">
          <ActionForm action={beginChange} submit="Begin the change" tone="outlined" hidden={hidden}>
            <TextArea
              name="reason"
              label="What is to change, and why"
              hint="A new draft begins as this design was approved; the board reads the difference."
              rows={3}
            />
          </ActionForm>
        </More>
      ) : null}
      {changes.ok ? (
        <More title="Ask for changes">
          <ActionForm
            action={askForChanges}
            submit="Ask for changes"
            tone="outlined"
            hidden={{ ...hidden, "round:number": String(review.round) }}
            guard
          >
            <TextArea name="text" label="What must change" rows={3} />
          </ActionForm>
        </More>
      ) : null}
      {mayDecide(actor, review).ok ? (
        <More title="No decision is needed">
          {needless.ok ? (
            <ActionForm
              action={notRequired}
              submit="Record that none is needed"
              tone="outlined"
              hidden={{ ...hidden, "round:number": String(review.round) }}
              guard
            >
              <TextArea
                name="reason"
                label="Why the board need not decide"
                hint="It approves nothing: what stands today stands until its own end, and the gate asks what it asked before."
                rows={3}
              />
            </ActionForm>
          ) : (
            <WhyButton label="Record that none is needed" reason={needless.reason} />
          )}
        </More>
      ) : null}
      {lane.ok ? (
        <More title="Change the lane">
          <ActionForm action={moveLane} submit="Change the lane" tone="outlined" hidden={hidden}>
            <SelectField
              name="lane"
              label="Lane"
              options={(["full_board", "fast_track"] as const)
                .filter((l) => l !== review.lane)
                .map((l) => ({ value: l, label: laneName[l] }))}
            />
            <TextArea
              name="reason"
              label="Reason"
              hint="Needed when fewer reviewers are to decide."
              optional
              rows={2}
            />
          </ActionForm>
        </More>
      ) : null}
      {aside.ok ? (
        <More title="Declare a conflict of interest">
          <ActionForm
            action={recuse}
            submit="Stand aside"
            tone="outlined"
            hidden={hidden}
            confirm={{
              title: "Stand aside?",
              text: "You will not vote on this review or comment on it, and your seat leaves the quorum. This cannot be taken back.",
              yes: "Stand aside",
            }}
          >
            <TextArea name="reason" label="Reason" rows={2} />
          </ActionForm>
        </More>
      ) : null}
      {disagreement.ok ? (
        <More title="Escalate a disagreement">
          <ActionForm action={disagree} submit="Put it before the chair" tone="outlined" hidden={hidden}>
            <TextArea
              name="reason"
              label="What you disagree with, and what you ask for"
              hint="Unsettled, it goes to leadership after 2 business days and to the executive risk committee after 5."
              rows={3}
            />
          </ActionForm>
        </More>
      ) : null}
      {back.ok ? (
        <More title="Withdraw">
          <ActionForm action={withdraw} submit="Withdraw" tone="outlined" hidden={hidden}>
            <TextArea name="reason" label="Reason" rows={2} />
          </ActionForm>
        </More>
      ) : null}
    </section>
  );
}
