import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader, Tx } from "@/db/client";
import { agendaItems, meetingMinutes } from "@/db/schema/meetings";
import { mayReadBoard } from "@/lib/board/read";
import { type Actor, holds } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { type Choice, type Outcome, outcomes, type Seat } from "@/lib/reviews/review";
import { attendanceOf } from "./attendance";
import { lockedMeeting, type Meeting, meetingNamed, meetingSubject } from "./load";
import { MeetingRef } from "./meeting";
import {
  CorrectMinutes,
  type Minutes,
  type MinutesItem,
  mayCorrectMinutes,
  mayEditMinutes,
  minutesVersion,
  PublishMinutes,
  SaveMinutes,
} from "./minutes";

type Edition = typeof meetingMinutes.$inferSelect;

/** The first draft, made when the meeting closes: the notes of each item are the chair's first words. */
export async function beginMinutes(tx: Tx, meeting: Meeting, by: string, now: Date): Promise<void> {
  const items = await tx
    .select({ id: agendaItems.id, notes: agendaItems.notes })
    .from(agendaItems)
    .where(eq(agendaItems.meetingId, meeting.id));
  await tx.insert(meetingMinutes).values({
    id: newId(),
    meetingId: meeting.id,
    edition: 1,
    texts: Object.fromEntries(items.map((i) => [i.id, i.notes])),
    draftedAt: now,
    draftedBy: by,
  });
}

async function newest(read: Reader, meetingId: string): Promise<Edition | null> {
  const [row] = await read
    .select()
    .from(meetingMinutes)
    .where(eq(meetingMinutes.meetingId, meetingId))
    .orderBy(desc(meetingMinutes.edition))
    .limit(1);
  return row ?? null;
}

async function lockedMinutes(tx: Tx, ref: string) {
  const meeting = await lockedMeeting(tx, ref);
  const edition = await newest(tx, meeting.id);
  return { ...meeting, meeting, edition, publishedAt: edition?.publishedAt ?? null };
}

const drafted = (edition: Edition | null): Edition => {
  if (!edition) throw new Error("a closed meeting without minutes");
  return edition;
};

function insistMinutes(edition: Edition, revision: number): void {
  if (edition.revision !== revision)
    throw new Refusal(
      "conflict",
      `${edition.draftedBy} changed the minutes meanwhile. Your words are still on your screen: reload beside them and take over what you need.`,
      [{ field: "revision", message: `The present revision is ${edition.revision}.` }],
    );
}

type Saved = { ref: string; revision: number };

export const saveMinutes = command({
  name: "meeting.minutes.saved",
  title: "Save the draft of a meeting's minutes",
  http: { method: "PUT", path: "/meetings/{ref}/minutes" },
  input: SaveMinutes,
  load: (tx, { ref }) => lockedMinutes(tx, ref),
  may: mayEditMinutes,
  async run(tx, { input, subject: { meeting, edition }, actor, now }): Promise<Done<Saved> | Unchanged<Saved>> {
    const draft = drafted(edition);
    insistMinutes(draft, input.revision);
    const known = await tx
      .select({ id: agendaItems.id })
      .from(agendaItems)
      .where(eq(agendaItems.meetingId, meeting.id));
    const strange = Object.keys(input.texts).find((id) => !known.some((item) => item.id === id));
    if (strange)
      throw new Refusal("invalid", `${meeting.ref} has no item ${strange}.`, [
        { field: `texts.${strange}`, message: "Not an item of this meeting." },
      ]);
    const texts = { ...draft.texts, ...input.texts };
    if (draft.summary === input.summary && canonicalize(texts) === canonicalize(draft.texts))
      return { unchanged: { ref: meeting.ref, revision: draft.revision } };
    const [row] = await tx
      .update(meetingMinutes)
      .set({
        summary: input.summary,
        texts,
        revision: sql`${meetingMinutes.revision} + 1`,
        draftedAt: now,
        draftedBy: actor.name,
      })
      .where(and(eq(meetingMinutes.id, draft.id), isNull(meetingMinutes.publishedAt)))
      .returning({ revision: meetingMinutes.revision });
    if (!row) throw new Refusal("conflict", "These minutes were published a moment ago.");
    return {
      result: { ref: meeting.ref, revision: row.revision },
      entry: {
        subject: meetingSubject(meeting),
        summary: `edited the draft minutes of ${meeting.ref}`,
        // The words may be about reviews that not every reader of the log may see; publishing binds them by digest.
        body: {
          edition: draft.edition,
          revision: row.revision,
          sha256: sha256(canonicalize({ texts, summary: input.summary }) ?? ""),
        },
      },
    };
  },
});

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** The chair confirms: the minutes are frozen as bytes, whose SHA-256 is in the log. */
export const publishMinutes = command({
  name: "meeting.minutes.published",
  title: "Confirm and publish the minutes of a meeting",
  http: { method: "POST", path: "/meetings/{ref}/minutes/publish" },
  input: PublishMinutes,
  load: (tx, { ref }) => lockedMinutes(tx, ref),
  may: mayEditMinutes,
  async run(tx, { input, subject: { meeting, edition }, actor, now }) {
    const draft = drafted(edition);
    insistMinutes(draft, input.revision);
    const content = Buffer.from(canonicalize(await minutesOf(tx, meeting, draft)) ?? "");
    const digest = sha256(content);
    const [row] = await tx
      .update(meetingMinutes)
      .set({ publishedAt: now, publishedBy: actor.id, content, digest })
      .where(
        and(
          eq(meetingMinutes.id, draft.id),
          eq(meetingMinutes.revision, input.revision),
          isNull(meetingMinutes.publishedAt),
        ),
      )
      .returning({ id: meetingMinutes.id });
    if (!row) throw new Refusal("conflict", "Someone else published these minutes a moment ago.");
    return {
      result: { ref: meeting.ref, edition: draft.edition, digest },
      entry: {
        subject: meetingSubject(meeting),
        summary: `published the minutes of ${meeting.ref}${draft.edition > 1 ? `, edition ${draft.edition}` : ""}: sha256:${digest.slice(0, 12)}`,
        body: { edition: draft.edition, sha256: digest, bytes: content.length, v: minutesVersion },
      },
    };
  },
});

export const correctMinutes = command({
  name: "meeting.minutes.reopened",
  title: "Begin a further edition of published minutes",
  http: { method: "POST", path: "/meetings/{ref}/minutes/editions", status: 201 },
  input: CorrectMinutes,
  load: (tx, { ref }) => lockedMinutes(tx, ref),
  may: mayCorrectMinutes,
  async run(tx, { input, subject: { meeting, edition }, actor, now }) {
    const before = drafted(edition);
    const number = before.edition + 1;
    await tx.insert(meetingMinutes).values({
      id: newId(),
      meetingId: meeting.id,
      edition: number,
      summary: before.summary,
      texts: before.texts,
      reason: input.reason,
      draftedAt: now,
      draftedBy: actor.name,
    });
    return {
      result: { ref: meeting.ref, edition: number },
      entry: {
        subject: meetingSubject(meeting),
        summary: `began edition ${number} of the minutes of ${meeting.ref}`,
        body: { edition: number, reason: input.reason },
      },
    };
  },
});

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
  votes: { name: string; seat: Seat; for: string | null; choice: Choice; reason: string }[];
  decision: { outcome: string; digest: string; decidedAt: string; conditions: { ref: string; text: string }[] } | null;
};

/** The minutes as they stand: the record of the meeting with the draft's words. */
async function minutesOf(read: Reader, meeting: Meeting, draft: Edition): Promise<Minutes> {
  const [{ rows }, people, { rows: who }] = await Promise.all([
    read.execute<Row>(sql`
      select i.id, i.kind, i.title, i.state, i.spent, l.name as led, r.ref, m.name as model, i.round,
        array(select p.name from recusal c join person p on p.id = c.person_id where c.review_id = r.id order by p.name) as aside,
        coalesce((select json_agg(json_build_object('name', p.name, 'seat', v.seat, 'for', f.name, 'choice', v.choice, 'reason', v.reason) order by v.cast_at, p.name)
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
            votes: row.state === "skipped" ? [] : row.votes,
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
