import { VoteForm } from "@/app/(portal)/reviews/[ref]/aside";
import { Decision } from "@/app/(portal)/reviews/[ref]/decision";
import { Notes } from "@/components/meetings/notes";
import { Timer } from "@/components/meetings/timer";
import { PeopleProvider } from "@/components/people/choice";
import { Votes } from "@/components/reviews/votes";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import type { Ctx } from "@/lib/core/command";
import { asideOf, mayLead, mayLeadItem, mayNote } from "@/lib/meetings/live";
import type { meetingLive } from "@/lib/meetings/live-queries";
import { itemKindName } from "@/lib/meetings/meeting";
import { activePeople, getReview } from "@/lib/reviews/queries";
import { seatName } from "@/lib/reviews/review";
import { mayDecide } from "@/lib/reviews/rules";
import { beginAction, endItemAction, noteAction } from "../../actions";

export type Live = Awaited<ReturnType<typeof meetingLive>>;
export type LiveItem = Live["items"][number];

const nameOf = (item: LiveItem) => item.review?.ref ?? item.title ?? "the next item";

/** The item that is being discussed: its time, the room, the votes, the notes, and the way on. */
export async function Current({ meeting, ctx }: { meeting: Live; ctx: Ctx }) {
  const item = meeting.current;
  const next = meeting.items.find((i) => i.state === "waiting") ?? null;
  const leads = mayLead(ctx.actor, meeting).ok;
  const hidden = { ref: meeting.ref };
  const on = next ? (
    <Forward meeting={meeting} next={next} ctx={ctx} primary={item === null || item.review === null} />
  ) : null;
  if (!item)
    return (
      <Empty title={next ? "Nothing is being discussed" : "The agenda is done"} action={on ?? undefined}>
        {next ? `Next: ${nameOf(next)}${next.review && next.title ? `, ${next.title}` : ""}.` : null}
      </Empty>
    );
  const mayWrite = item.notes !== null && mayNote(ctx.actor, meeting, subject(item)).ok;
  return (
    <Section
      title={
        item.review ? (
          <Link href={`/reviews/${item.review.ref}`} className="plain">
            {item.title}
          </Link>
        ) : (
          (item.title ?? "A review of another business unit")
        )
      }
      note={<Timer key={item.seconds} seconds={item.seconds} minutes={item.minutes} running />}
    >
      <p className="lbl">
        {item.review ? <span className="mono">{item.review.ref}</span> : itemKindName[item.kind]}
        {item.itemLeader ? `. ${item.itemLeader} leads this item.` : ""}
      </p>
      {item.text ? <p className="said">{item.text}</p> : null}
      {item.aside ? (
        <Notice tone="care" live>
          {item.aside === "recused"
            ? "You are recused from this review. Leave the room; you come back with the next item."
            : "You have a stake in this review. Answer questions if asked, and leave before it is decided."}
        </Notice>
      ) : null}
      {item.leaves.length > 0 && item.aside === null ? (
        <Notice tone="care">
          {item.leaves.map((p) => `${p.name} ${p.why === "recused" ? "is recused" : "has a stake"}`).join("; ")}: they
          leave the room, and do not count.
        </Notice>
      ) : null}
      {item.review ? <Deciding meeting={meeting} item={item} ctx={ctx} /> : null}
      {item.notes && mayWrite ? (
        <Notes
          key={item.id}
          kept={item.notes}
          save={async ({ revision, notes }) => {
            "use server";
            return noteAction({ ref: meeting.ref, item: item.id, revision, notes });
          }}
        />
      ) : item.notes?.text ? (
        <>
          <h3>Notes</h3>
          <p className="said">{item.notes.text}</p>
        </>
      ) : null}
      <div className="row w" style={{ marginTop: 16 }}>
        {on}
        {leads || item.ledBy === ctx.actor.id ? (
          <ActionForm
            action={endItemAction}
            submit="End this item"
            tone="outlined"
            hidden={{ ...hidden, item: item.id }}
            label="End this item"
          />
        ) : null}
      </div>
    </Section>
  );
}

/** An item as its rules see it. */
export const subject = (item: LiveItem) => ({
  id: item.id,
  title: item.title ?? "",
  state: item.state,
  ledBy: item.ledBy,
  itemLeader: item.itemLeader,
  review: item.review,
});

/** The way to the next item, for whoever leads. */
function Forward({ meeting, next, ctx, primary }: { meeting: Live; next: LiveItem; ctx: Ctx; primary: boolean }) {
  const may = mayLeadItem(ctx.actor, meeting, subject(next));
  if (!may.ok) return meeting.ledBy === ctx.actor.id ? <Notice tone="care">{may.reason}</Notice> : null;
  return (
    <ActionForm
      action={beginAction}
      submit={`Next: ${nameOf(next)}`}
      tone={primary ? "primary" : "outlined"}
      hidden={{
        ref: meeting.ref,
        item: next.id,
        [meeting.current ? "current" : "current:null"]: meeting.current?.id ?? "",
      }}
      label={`Turn to ${nameOf(next)}`}
    />
  );
}

/** Votes, the quorum in the room, and the decision: the same as on the review's page, with the same commands. */
async function Deciding({ meeting, item, ctx }: { meeting: Live; item: LiveItem; ctx: Ctx }) {
  if (!item.review) return null;
  const [review, people] = await Promise.all([getReview(ctx, { ref: item.review.ref }), activePeople(ctx.db)]);
  const open = review.status === "in_review";
  const { room } = meeting;
  const decides = mayDecide(ctx.actor, review);
  const aside = asideOf(ctx.actor.id, subject(item)) !== null;
  return (
    <div className="deciding">
      <div>
        {room ? (
          <p className="row w" role="status">
            <Status
              state={room.enough ? "pass" : "open"}
              word={room.enough ? "Quorum is in the room" : "No quorum in the room yet"}
            />
            <span className="lbl">
              {room.present} of {room.needed} needed, {room.base} seats count
              {!room.enough && room.missing.length > 0
                ? `. Not here: ${room.missing.map((s) => seatName[s].toLowerCase()).join(", ")}`
                : ""}
            </span>
          </p>
        ) : null}
        <h3>
          Votes: {review.tally.present} of {review.tally.needed} for quorum
        </h3>
        <Votes
          tally={review.tally}
          votes={review.votes}
          members={open ? review.members : []}
          recusals={review.recusals}
          me={ctx.actor.id}
        />
      </div>
      <div>
        {open ? null : <Status state={review.status} tag />}
        {open && !aside ? <VoteForm review={review} actor={ctx.actor} /> : null}
        {open && decides.ok ? (
          <section id="decision" style={{ marginTop: 20 }}>
            <h3>Decision</h3>
            <PeopleProvider people={people.map(({ id, name }) => ({ id, name }))}>
              <Decision review={review} actor={ctx.actor} />
            </PeopleProvider>
          </section>
        ) : null}
      </div>
    </div>
  );
}
