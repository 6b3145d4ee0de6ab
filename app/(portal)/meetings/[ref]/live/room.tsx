import { ActionForm } from "@/components/ui/action-form";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import type { Actor } from "@/lib/core/actor";
import { mayAttend, mayLead, mayLeadItem, mayTakeItem } from "@/lib/meetings/live";
import { seatName } from "@/lib/reviews/review";
import { beginAction, joinAction, leadItemAction, leaveAction } from "../../actions";
import { type Live, type LiveItem, subject } from "./current";

/** The right column: the agenda with where the meeting is, and who is in the room. */
export function Room({ meeting, actor }: { meeting: Live; actor: Actor }) {
  const here = meeting.people.filter((p) => p.leftAt === null);
  const present = here.some((p) => p.personId === actor.id);
  const self = mayAttend(actor, meeting, actor.id);
  const leads = mayLead(actor, meeting).ok;
  const gone = [
    ...new Map(
      meeting.people
        .filter((p) => p.leftAt !== null && !here.some((h) => h.personId === p.personId))
        .map((p) => [p.personId, p]),
    ).values(),
  ];
  return (
    <>
      <section className="ds">
        <h2>Agenda</h2>
        <ol className="run">
          {meeting.items.map((item) => (
            <li key={item.id} aria-current={item.state === "current" ? "step" : undefined}>
              <ItemState item={item} />
              <div>
                <div className={item.state === "current" ? "b" : undefined}>
                  {item.title ?? "A review of another business unit"}
                </div>
                <div className="lbl">
                  {item.review ? `${item.review.ref}, ` : ""}
                  {item.state === "done"
                    ? `${Math.round(item.seconds / 60)} of ${item.minutes} min`
                    : `${item.minutes} min`}
                </div>
                <Ways meeting={meeting} item={item} actor={actor} />
              </div>
            </li>
          ))}
        </ol>
      </section>
      <section className="ds">
        <div className="row">
          <h2>In the room</h2>
          <span className="sp" />
          <span className="lbl">{here.length}</span>
        </div>
        <ul>
          {here.map((p) => (
            <li key={p.personId} className="here">
              <Avatar name={p.name} small />
              <div>
                <div>{p.name}</div>
                <div className="lbl">
                  {p.seat ? seatName[p.seat] : "Guest"}
                  {p.for ? `, for ${p.for}` : ""}
                  {p.personId === meeting.ledBy ? ", leads" : ""}
                </div>
              </div>
              {leads && p.personId !== actor.id ? (
                <ActionForm
                  action={leaveAction}
                  submit="Left"
                  tone="act"
                  hidden={{ ref: meeting.ref, person: p.personId }}
                  label={`${p.name} left`}
                />
              ) : null}
            </li>
          ))}
        </ul>
        {gone.length > 0 ? <p className="lbl">Left: {gone.map((p) => p.name).join(", ")}.</p> : null}
        {self.ok ? (
          <ActionForm
            key={String(present)}
            action={present ? leaveAction : joinAction}
            submit={present ? "I leave" : "I am here"}
            tone={present ? "outlined" : "primary"}
            hidden={{ ref: meeting.ref }}
            label={present ? "Leave the meeting" : "Join the meeting"}
          />
        ) : null}
      </section>
    </>
  );
}

const mark = {
  waiting: { state: "open", word: "To come" },
  current: { state: "in_review", word: "Now" },
  done: { state: "pass", word: "Done" },
  skipped: { state: "not_applicable", word: "Not reached" },
} as const;

const ItemState = ({ item }: { item: LiveItem }) => (
  <Status state={mark[item.state].state} word={mark[item.state].word} />
);

/** Turning to an item out of order, and leading one in which the chair has a stake. */
function Ways({ meeting, item, actor }: { meeting: Live; item: LiveItem; actor: Actor }) {
  if (meeting.status !== "open") return null;
  const name = item.review?.ref ?? item.title ?? "this item";
  if (mayTakeItem(actor, meeting, subject(item)).ok && item.state !== "done")
    return (
      <ActionForm
        action={leadItemAction}
        submit="Lead this item"
        tone="act"
        hidden={{ ref: meeting.ref, item: item.id }}
        label={`Lead ${name}`}
      />
    );
  if (item.state === "current" || !mayLeadItem(actor, meeting, subject(item)).ok) return null;
  return (
    <ActionForm
      action={beginAction}
      submit={item.state === "done" ? "Take up again" : "Turn to it"}
      tone="act"
      hidden={{
        ref: meeting.ref,
        item: item.id,
        [meeting.current ? "current" : "current:null"]: meeting.current?.id ?? "",
      }}
      label={`Turn to ${name} out of turn`}
    />
  );
}
