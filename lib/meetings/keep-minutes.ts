import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { agendaItems, meetingMinutes } from "@/db/schema/meetings";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { type Edition, minutesOf } from "./compose-minutes";
import { lockedMeeting, type Meeting, meetingSubject } from "./load";
import {
  CorrectMinutes,
  mayCorrectMinutes,
  mayEditMinutes,
  minutesVersion,
  PublishMinutes,
  SaveMinutes,
} from "./minutes";

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
