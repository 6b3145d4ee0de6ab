import { ActionForm } from "@/components/ui/action-form";
import { TextField } from "@/components/ui/field";
import { When } from "@/components/ui/when";
import type { Actor } from "@/lib/core/actor";
import { seatName } from "@/lib/reviews/review";
import { mayOpenVote } from "@/lib/reviews/rules";
import { openVote } from "../actions";
import type { Review } from "./submission-view";

/** Until when votes are taken, who was silent at the end, and the chair's way to set or move it. */
export function VotingCloses({ review, actor }: { review: Review; actor: Actor }) {
  const voted = new Set(review.votes.map((v) => v.seat));
  const silent = [...new Set(review.members.map((m) => m.seat))].filter((seat) => !voted.has(seat));
  const closes = review.votingClosesAt;
  return (
    <div style={{ marginTop: 12 }}>
      {closes ? (
        <p className="ink2">
          Voting {review.votingOver ? "closed" : "closes"} <When at={closes} show="datetime" />.{" "}
          {review.votingOver
            ? silent.length === 0
              ? "Every seat voted."
              : `Silent: ${silent.map((seat) => seatName[seat].toLowerCase()).join(", ")}. Silence is not yes.`
            : ""}
        </p>
      ) : null}
      {mayOpenVote(actor, review).ok ? (
        <details className="more">
          <summary>{closes ? "Set another closing time" : "Set when voting closes"}</summary>
          <ActionForm
            key={closes?.toISOString() ?? "none"}
            action={openVote}
            submit="Open the vote until then"
            tone="outlined"
            hidden={{ ref: review.ref, "round:number": String(review.round) }}
            label="Set when voting closes"
          >
            <TextField name="day" label="Day" type="date" min={review.today} />
            <TextField name="time" label="Time in UTC" defaultValue="15:00" maxLength={5} />
          </ActionForm>
        </details>
      ) : null}
    </div>
  );
}
