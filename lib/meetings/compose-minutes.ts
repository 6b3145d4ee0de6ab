import "server-only";
import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { meetingMinutes } from "@/db/schema/meetings";
import { mayReadBoard } from "@/lib/board/read";
import { type Actor, holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { type Choice, type Outcome, outcomes, type Seat } from "@/lib/reviews/review";
import { attendanceOf } from "./attendance";
import { type Meeting, meetingNamed } from "./load";
import { MeetingRef } from "./meeting";
import { type Minutes, type MinutesItem, mayEditMinutes, minutesVersion } from "./minutes";

export type Edition = typeof meetingMinutes.$inferSelect;

type Row = {
  id: string;
  kind: MinutesItem["kind"];
  title: string;
  state: MinutesItem["state"];
  spent: number;
  led: string | null;
  ref: string | null;
  model: string;
  round: number | null;
  aside: string[];
  votes: { name: string; seat: Seat; for: string | null; choice: Choice; reason: string; castAt: string }[];
  decision: { outcome: string; digest: string; decidedAt: string; conditions: { ref: string; text: string }[] } | null;
};

/** The minutes as they stand: the record of the meeting with the draft's words. */
export async function minutesOf(read: Reader, meeting: Meeting, draft: Edition): Promise<Minutes> {
  const [{ rows }, people, { rows: who }] = await Promise.all([
    read.execute<Row>(sql`
      select i.id, i.kind, i.title, i.state, i.spent, l.name as led, r.ref, m.name as model, i.round,
        array(select p.name from recusal c join person p on p.id = c.person_id where c.review_id = r.id order by p.name) as aside,
        coalesce((select json_agg(json_build_object('name', p.name, 'seat', v.seat, 'for', f.name, 'choice', v.choice, 'reason', v.reason, 'castAt', v.cast_at) order by v.cast_at, p.name)
          from vote v join person p on p.id = v.person_id left join person f on f.id = v.for_id
          where v.review_id = r.id and v.round = i.round and v.superseded_at is null), '[]') as votes,
        (select json_build_object('outcome', d.outcome, 'digest', d.digest, 'decidedAt', d.decided_at,
            'conditions', coalesce((select json_agg(json_build_object('ref', c.ref, 'text', c.text) order by c.ref) from condition c where c.decision_id = d.id), '[]'))
          from review_decision d where d.review_id = r.id and d.round = i.round) as decision
      from agenda_item i left join person l on l.id = i.led_by left join review r on r.id = i.review_id left join model m on m.id = r.model_id
      where i.meeting_id = ${meeting.id} order by i.position, i.id`),
    attendanceOf(read, meeting.id),
    read.execute<{ chair: string; led: string | null }>(sql`
      select c.name as chair, l.name as led from meeting m join person c on c.id = m.chair_id left join person l on l.id = m.led_by
      where m.id = ${meeting.id}`),
  ]);
  return {
    v: minutesVersion,
    meeting: {
      ref: meeting.ref,
      title: meeting.title,
      startsAt: meeting.startsAt.toISOString(),
      zone: meeting.zone,
      place: meeting.place,
      openedAt: meeting.openedAt?.toISOString() ?? "",
      closedAt: meeting.closedAt?.toISOString() ?? "",
      chair: who[0]?.chair ?? "",
      ledBy: who[0]?.led ?? who[0]?.chair ?? "",
    },
    edition: draft.edition,
    correction: draft.reason,
    summary: draft.summary,
    attendance: people.map(({ name, seat, for: member, cameAt, leftAt }) => ({
      name,
      seat,
      for: member,
      cameAt,
      leftAt,
    })),
    items: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      title: row.title,
      state: row.state,
      seconds: row.spent,
      ledBy: row.led,
      text: draft.texts[row.id] ?? "",
      review: row.ref
        ? {
            ref: row.ref,
            model: row.model,
            round: row.round,
            aside: row.aside,
            votes:
              row.state === "skipped"
                ? []
                : row.votes.map((vote) => ({ ...vote, castAt: new Date(vote.castAt).toISOString() })),
            decision: row.decision && row.state !== "skipped" ? decisionOf(row.decision) : null,
          }
        : null,
    })),
  };
}

const decisionOf = (d: NonNullable<Row["decision"]>) => ({
  outcome: z.enum(outcomes).parse(d.outcome) satisfies Outcome,
  digest: d.digest,
  decidedAt: new Date(d.decidedAt).toISOString(),
  conditions: d.conditions,
});

/** Items about reviews that the reader may not see keep their place and lose their content. */
async function visible(read: Reader, meetingId: string, minutes: Minutes, actor: Actor) {
  const { rows } = await read.execute<{ id: string; unit: string | null }>(sql`
    select i.id, m.business_unit_id as unit from agenda_item i join review r on r.id = i.review_id join model m on m.id = r.model_id
    where i.meeting_id = ${meetingId}`);
  const units = new Map(rows.map((r) => [r.id, r.unit]));
  return {
    ...minutes,
    items: minutes.items.map((item) =>
      !units.has(item.id) || holds(actor, "reviews:read", units.get(item.id))
        ? item
        : { ...item, title: null, text: "", review: null },
    ),
  };
}

/** One edition of the minutes, the newest unless another is asked for. A draft is read by whoever keeps the minutes. */
export const minutesGet = query({
  name: "meeting.minutes.read",
  title: "Read the minutes of a meeting",
  http: { method: "GET", path: "/meetings/{ref}/minutes" },
  input: z.strictObject({ ref: MeetingRef, edition: whole(z.number().int().min(1).max(1000)).optional() }),
  async run(read, { ref, edition }, actor) {
    insist(mayReadBoard(actor));
    const meeting = await meetingNamed(read, ref);
    const editions = await read
      .select()
      .from(meetingMinutes)
      .where(eq(meetingMinutes.meetingId, meeting.id))
      .orderBy(desc(meetingMinutes.edition));
    const [last] = editions;
    const subject = { ...meeting, publishedAt: last?.publishedAt ?? null };
    const seen = editions.filter((e) => e.publishedAt || mayEditMinutes(actor, subject).ok);
    const wanted = edition ? seen.find((e) => e.edition === edition) : seen[0];
    if (!wanted)
      throw new Refusal(
        "not_found",
        last && !edition
          ? `The minutes of ${meeting.ref} are not published yet.`
          : `${meeting.ref} has no such minutes.`,
      );
    // Published bytes were written by publishMinutes and never change.
    const minutes: Minutes = wanted.content
      ? JSON.parse(wanted.content.toString("utf8"))
      : await minutesOf(read, meeting, wanted);
    return {
      subject,
      minutes: await visible(read, meeting.id, minutes, actor),
      revision: wanted.revision,
      digest: wanted.digest,
      publishedAt: wanted.publishedAt,
      editions: seen.map((e) => ({
        edition: e.edition,
        publishedAt: e.publishedAt,
        digest: e.digest,
        reason: e.reason,
      })),
    };
  },
});
