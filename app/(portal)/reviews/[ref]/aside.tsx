import { History } from "@/components/log/history";
import { AdviceLog } from "@/components/reviews/advice";
import { Reviewers } from "@/components/reviews/reviewers";
import { Votes } from "@/components/reviews/votes";
import { ActionForm } from "@/components/ui/action-form";
import { RadioField, TextArea } from "@/components/ui/field";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { inWords } from "@/lib/reviews/clock-words";
import { promiseText } from "@/lib/reviews/promise";
import { choiceName, choices, laneName } from "@/lib/reviews/review";
import { mayAssignReviewer } from "@/lib/reviews/reviewers";
import { mayVote, placeOf, seatOfActor } from "@/lib/reviews/rules";
import { because } from "@/lib/reviews/triage";
import { adviceDone, advise, askForAdvice, endReviewer, nameReviewer, vote } from "../actions";
import { Look, Survey } from "./afterwards";
import { Conditions, DecisionsMade } from "./decided";
import { Decision } from "./decision";
import { Escalations } from "./escalations";
import type { Review } from "./submission-view";
import { VotingCloses } from "./voting-closes";
import { Ways } from "./ways";
export const adviceActions = { ask: askForAdvice, give: advise, use: adviceDone };

/** The board's side: lane and promise, votes, conditions, decision. */
export function Aside({
  review,
  actor,
  suggested,
}: {
  review: Review;
  actor: Actor;
  /** Who else could read it; empty when nobody is to be named. */
  suggested: readonly { personId: string; name: string; why: string }[];
}) {
  const open = review.status === "in_review";
  return (
    <>
      <LanePanel review={review} />
      {review.submittedAt && (open || review.reviewers.length > 0) ? (
        <Reviewers
          review={review}
          assigned={review.reviewers}
          suggested={suggested}
          may={mayAssignReviewer(actor, review)}
          onBoard={open && seatOfActor(actor) !== null}
          assign={nameReviewer}
          unassign={endReviewer}
        />
      ) : null}
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
          {open ? <VotingCloses review={review} actor={actor} /> : null}
          {open ? <VoteForm review={review} actor={actor} /> : null}
        </section>
      ) : null}
      <AdviceLog review={review} advice={review.advice} actor={actor} actions={adviceActions} />
      <Escalations review={review} actor={actor} />
      <Conditions review={review} actor={actor} report={false} />
      <DecisionsMade review={review} actor={actor} sign />
      <Look review={review} actor={actor} />
      <Survey review={review} actor={actor} />
      {open ? (
        <section className="ds" id="decision">
          <div className="row" style={{ marginBottom: 8 }}>
            <h2>Decision</h2>
            <span className="sp" />
            {review.adr?.status === "proposed" ? <span className="lbl">accepts {review.adr.ref}</span> : null}
          </div>
          <Decision review={review} actor={actor} />
        </section>
      ) : null}
      <Ways review={review} actor={actor} />
      <section className="ds">
        <h2>History</h2>
        <History entries={review.history} all={`/log?subject=${review.ref}`} />
      </section>
    </>
  );
}

function LanePanel({ review }: { review: Review }) {
  const { daysLeft: left, late } = review;
  return (
    <section className="ds">
      <div className="row">
        <h2>{review.lane ? laneName[review.lane] : "No lane yet"}</h2>
        <span className="sp" />
        {review.promisedOn ? (
          <span className={late ? "due over b" : "due b"}>
            <When at={review.promisedOn} show="day" />
          </span>
        ) : null}
      </div>
      <p className="ink2">
        {review.lane ? because(review.laneReasons) : "The lane is chosen when the review is submitted."}{" "}
        {review.lane ? `Promised ${promiseText(review.lane)}` : ""}
        {left === null || !review.lane
          ? review.lane
            ? "."
            : ""
          : left < 0
            ? `; ${-left} over.`
            : left === 0
              ? late
                ? "; over since today."
                : "; due today."
              : `; ${left} ${left === 1 ? "is" : "are"} left.`}
      </p>
      <ClockLine review={review} />
      {review.sampled ? <p className="ink2">Drawn for a later look: one automatic decision in ten is.</p> : null}
    </section>
  );
}

/** How long it lay with whom, in working time. */
export function ClockLine({ review }: { review: Pick<Review, "clocks"> }) {
  const { clocks } = review;
  if (!clocks) return null;
  const say = (minutes: number) => inWords(minutes, clocks.perDay);
  return (
    <p className="lbl" id="clocks">
      {say(clocks.board)} with the board, {say(clocks.submitter)} with its author, {say(clocks.total)} in all. Working
      time.
    </p>
  );
}

export function VoteForm({ review, actor }: { review: Review; actor: Actor }) {
  const may = mayVote(actor, review);
  const mine = review.votes.find((v) => v.personId === actor.id);
  // Someone without a seat has no vote to be told about; a member who cannot vote is told why.
  if (!may.ok)
    return seatOfActor(actor) || review.idle.some((i) => i.personId === actor.id) ? (
      <div style={{ marginTop: 12 }} id="vote">
        <WhyButton label="Cast your vote" reason={may.reason} />
      </div>
    ) : null;
  if (review.votingOver)
    return (
      <div style={{ marginTop: 12 }} id="vote">
        <WhyButton label="Cast your vote" reason="Voting is closed. The chair can open it anew." />
      </div>
    );
  const standsFor = placeOf(review, actor.id)?.standsFor;
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
          label={standsFor ? `Your vote for ${standsFor.name}` : "Your vote"}
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
