import Link from "next/link";
import { ConditionCard } from "@/components/reviews/condition-card";
import { DecisionPanel } from "@/components/reviews/decision-panel";
import { More } from "@/components/reviews/finding-card";
import { Votes } from "@/components/reviews/votes";
import { ActionForm } from "@/components/ui/action-form";
import { Digest } from "@/components/ui/digest";
import { RadioField, SelectField, TextArea } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { Verdict } from "@/lib/core/refusal";
import { choiceName, choices, laneName, lanePromise } from "@/lib/reviews/review";
import {
  mayChangeLane,
  mayDecide,
  mayRecuse,
  mayRequestChanges,
  mayVote,
  mayWithdraw,
  seatOfActor,
} from "@/lib/reviews/rules";
import { because } from "@/lib/reviews/triage";
import {
  acceptCon,
  answerCon,
  askForChanges,
  decide,
  extendCon,
  moveLane,
  recuse,
  returnCon,
  vote,
  withdraw,
} from "../actions";
import type { Review } from "./submission-view";

const conditionActions = { answer: answerCon, accept: acceptCon, send: returnCon, extend: extendCon };

/** The board's side: lane and promise, votes, conditions, decision. */
export function Aside({
  review,
  actor,
  people,
}: {
  review: Review;
  actor: Actor;
  people: readonly { id: string; name: string }[];
}) {
  const open = review.status === "in_review";
  return (
    <>
      <LanePanel review={review} />
      {review.lane !== "self_service" && review.submittedAt ? (
        <section className="ds" id="votes">
          <div className="row">
            <h2>Votes</h2>
            <span className="sp" />
            <span className="ink2">
              {review.tally.present} of {review.tally.needed} for quorum
            </span>
          </div>
          <Votes
            tally={review.tally}
            votes={review.votes}
            members={open ? review.members : []}
            recusals={review.recusals}
            me={actor.id}
          />
          {open ? <VoteForm review={review} actor={actor} /> : null}
        </section>
      ) : null}
      <Conditions review={review} actor={actor} report={false} />
      <DecisionsMade review={review} />
      {open ? (
        <section className="ds" id="decision">
          <div className="row" style={{ marginBottom: 8 }}>
            <h2>Decision</h2>
            <span className="sp" />
            {review.adr?.status === "proposed" ? <span className="lbl">accepts {review.adr.ref}</span> : null}
          </div>
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
            people={people.map(({ id, name }) => ({ id, name }))}
            cannot={sentence(mayDecide(actor, review))}
            decide={decide}
          />
        </section>
      ) : null}
      <Ways review={review} actor={actor} />
    </>
  );
}

const sentence = (verdict: Verdict): string | null => (verdict.ok ? null : verdict.reason);

function LanePanel({ review }: { review: Review }) {
  const { daysLeft: left } = review;
  return (
    <section className="ds">
      <div className="row">
        <h2>{review.lane ? laneName[review.lane] : "No lane yet"}</h2>
        <span className="sp" />
        {review.promisedOn ? (
          <span className={left !== null && left < 0 ? "due over b" : "due b"}>
            <When at={review.promisedOn} show="day" />
          </span>
        ) : null}
      </div>
      <p className="ink2">
        {review.lane ? because(review.laneReasons) : "The lane is chosen when the review is submitted."}{" "}
        {review.lane && lanePromise[review.lane] > 0
          ? `Promised within ${lanePromise[review.lane]} business ${lanePromise[review.lane] === 1 ? "day" : "days"}`
          : review.lane
            ? "Promised the same day"
            : ""}
        {left === null || !review.lane
          ? review.lane
            ? "."
            : ""
          : left < 0
            ? `; ${-left} over.`
            : left === 0
              ? "; due today."
              : `; ${left} ${left === 1 ? "is" : "are"} left.`}
      </p>
      {review.sampled ? <p className="ink2">Drawn for a later look: one automatic decision in ten is.</p> : null}
    </section>
  );
}

function VoteForm({ review, actor }: { review: Review; actor: Actor }) {
  const may = mayVote(actor, review);
  const mine = review.votes.find((v) => v.personId === actor.id);
  // Someone without a seat has no vote to be told about; a member who cannot vote is told why.
  if (!may.ok)
    return seatOfActor(actor) ? (
      <div style={{ marginTop: 12 }} id="vote">
        <WhyButton label="Cast your vote" reason={may.reason} />
      </div>
    ) : null;
  return (
    <div id="vote" style={{ marginTop: 12 }}>
      <ActionForm
        key={mine?.choice ?? "none"}
        action={vote}
        submit={mine ? "Change your vote" : "Cast your vote"}
        tone={mine ? "outlined" : "primary"}
        hidden={{ ref: review.ref, "round:number": String(review.round) }}
        keep
        label="Your vote"
      >
        <RadioField
          name="choice"
          label="Your vote"
          options={choices.map((c) => ({ value: c, label: choiceName[c] }))}
          defaultValue={mine?.choice}
        />
        <TextArea
          name="reason"
          label="Reason"
          hint="A rejection needs one; it stays on record."
          optional
          rows={2}
          voice="record"
          defaultValue={mine?.reason}
        />
      </ActionForm>
    </div>
  );
}

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

/** The less usual steps. */
function Ways({ review, actor }: { review: Review; actor: Actor }) {
  const hidden = { ref: review.ref };
  const changes = mayRequestChanges(actor, review);
  const lane = mayChangeLane(actor, review);
  const aside = mayRecuse(actor, review);
  const back = mayWithdraw(actor, review);
  if (!changes.ok && !lane.ok && !aside.ok && !back.ok) return null;
  return (
    <section className="ds ways no-print">
      <h2>More</h2>
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

/** The author's side while it is a draft: what the model says of itself, and how like cases went. */
export function AuthorAside({ review, actor }: { review: Review; actor: Actor }) {
  return (
    <>
      <section className="ds">
        <h2>Where it goes</h2>
        <p className="ink2">
          Triage chooses the lane from the tier{review.tier ? ` (${review.tier})` : ""}, the legal class, the reference
          architecture, the checks and your answers. Self-service takes a day, fast track three, the full board ten.
        </p>
        <p className="ink2">
          <Link href={`/models/${review.model.name}/readiness`}>Readiness</Link> is assessed when you submit.
        </p>
      </section>
      <section className="ds">
        <h2>How like cases went</h2>
        {review.precedents.length === 0 ? <p className="mut">The board has not decided a similar case yet.</p> : null}
        <ul>
          {review.precedents.map((p) => (
            <li key={p.ref} style={{ marginTop: 8 }}>
              <div className="row w">
                <Link href={`/reviews/${p.ref}`}>{p.ref}</Link>
                <span className="sp" />
                <Status state={p.outcome} />
              </div>
              {p.title}
              {p.conditions.map((text) => (
                <div className="lbl" key={text}>
                  Asked: {text}
                </div>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <Ways review={review} actor={actor} />
    </>
  );
}
