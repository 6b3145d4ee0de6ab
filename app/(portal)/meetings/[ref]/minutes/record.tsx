import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { localOf } from "@/lib/core/zone";
import type { minutesGet } from "@/lib/meetings/compose-minutes";
import { itemKindName } from "@/lib/meetings/meeting";
import { apartFrom } from "@/lib/meetings/minutes";
import { sayWeekday } from "@/lib/meetings/say";
import { choiceName, seatName, statusName } from "@/lib/reviews/review";

type Minutes = Awaited<ReturnType<typeof minutesGet>>["minutes"];

/** The minutes as a record: who was there, what was said, how it was voted, what was decided. */
export function MinutesRecord({ minutes }: { minutes: Minutes }) {
  const { meeting } = minutes;
  const time = (at: string) => localOf(new Date(at), meeting.zone).time;
  const apart = (at: string | undefined) => {
    const when = apartFrom(meeting, at);
    return at && when ? ` (${when}, on ${sayWeekday(localOf(new Date(at), meeting.zone).day)})` : "";
  };
  return (
    <div className="minutes">
      {minutes.summary ? <p className="words">{minutes.summary}</p> : null}
      <Section title="Present">
        <p className="lbl">
          Opened {time(meeting.openedAt)}, closed {time(meeting.closedAt)} ({meeting.zone}). Led by {meeting.ledBy}.
          {meeting.place ? ` ${meeting.place}.` : ""}
        </p>
        <ul className="pts">
          {minutes.attendance.map((p) => (
            <li key={`${p.name} ${p.cameAt}`}>
              {p.name}, {p.seat ? seatName[p.seat].toLowerCase() : "guest"}
              {p.for ? `, for ${p.for}` : ""}, {time(p.cameAt)}
              {p.leftAt ? ` to ${time(p.leftAt)}` : ""}
            </li>
          ))}
        </ul>
      </Section>
      {minutes.items.map((item, i) => (
        <Section
          key={item.id}
          title={`${i + 1}. ${item.title ?? "A review of a business unit whose reviews you may not read"}`}
          note={item.state === "skipped" ? "not reached" : `${Math.round(item.seconds / 60)} min`}
        >
          {item.title === null ? null : (
            <>
              <p className="lbl">
                {item.review ? (
                  <>
                    <Link href={`/reviews/${item.review.ref}`}>{item.review.ref}</Link>, {item.review.model}
                    {item.review.round && item.review.round > 1 ? `, reading ${item.review.round}` : ""}
                  </>
                ) : (
                  itemKindName[item.kind]
                )}
                {item.ledBy ? `. Led by ${item.ledBy}` : ""}
                {item.review && item.review.aside.length > 0 ? `. Recused: ${item.review.aside.join(", ")}` : ""}
              </p>
              {item.text ? <p className="words">{item.text}</p> : null}
              {item.review && item.review.votes.length > 0 ? (
                <ul className="pts">
                  {item.review.votes.map((v) => (
                    <li key={v.name}>
                      {v.name}, {seatName[v.seat].toLowerCase()}
                      {v.for ? `, for ${v.for}` : ""}: {choiceName[v.choice].toLowerCase()}
                      {apart(v.castAt)}
                      {v.reason ? `. “${v.reason}”` : ""}
                    </li>
                  ))}
                </ul>
              ) : null}
              {item.review?.decision ? (
                <>
                  <p className="row w">
                    <Status
                      state={item.review.decision.outcome}
                      word={`Decided: ${statusName[item.review.decision.outcome].toLowerCase()}${apart(item.review.decision.decidedAt)}`}
                    />
                    <span className="mono lbl">sha256:{item.review.decision.digest.slice(0, 12)}</span>
                  </p>
                  {item.review.decision.conditions.length > 0 ? (
                    <ul className="pts">
                      {item.review.decision.conditions.map((c) => (
                        <li key={c.ref}>
                          <span className="mono">{c.ref}</span> {c.text}
                        </li>
                      ))}
                    </ul>
                  ) : null}
                </>
              ) : null}
            </>
          )}
        </Section>
      ))}
    </div>
  );
}
