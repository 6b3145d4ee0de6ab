import "server-only";
import { z } from "zod";
import { comments } from "@/db/schema/reviews";
import { calendarOfUnit } from "@/lib/calendars/find";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { anchorName, Diagram, insistAnchor } from "./anchor";
import { entrySubject, insistRound, lockedReview, moveReview } from "./load";
import { promised } from "./promise";
import { laneName, lanes, Note, ReviewRef, Round } from "./review";
import { lowersLane, mayChangeLane, mayComment, mayRequestChanges } from "./rules";
import { sectionIds } from "./sections";

export const AddComment = z.strictObject({
  ref: ReviewRef,
  section: z.enum(sectionIds).optional().describe("Section of the submission it is about"),
  diagram: Diagram.optional(),
  text: Note(1, "Write the comment"),
});
export const RequestChanges = z.strictObject({ ref: ReviewRef, round: Round, text: Note(10, "Say what must change") });
export const ChangeLane = z.strictObject({
  ref: ReviewRef,
  lane: z.enum(lanes),
  reason: Note(10, "Say why").optional(),
});

export const addComment = command({
  name: "review.commented",
  title: "Comment on a review",
  http: { method: "POST", path: "/reviews/{ref}/comments", status: 201 },
  input: AddComment,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayComment,
  async run(tx, { input, subject, actor, now }) {
    insistAnchor(subject.row.submission, input);
    const id = newId();
    await tx.insert(comments).values({
      id,
      reviewId: subject.id,
      section: input.section ?? null,
      diagram: input.diagram ?? null,
      authorId: actor.id,
      text: input.text,
      createdAt: now,
    });
    const anchor = anchorName(input);
    const where = anchor ? ` on “${anchor}”` : "";
    return {
      result: { id },
      entry: {
        ...entrySubject(subject),
        summary: `commented${where} in ${subject.ref}`,
        body: { comment: id, section: input.section ?? null, diagram: input.diagram ?? null, text: input.text },
      },
    };
  },
});

/** Hands the submission back to its author; votes of this round stay on record but count no more. */
export const requestChanges = command({
  name: "review.changes.requested",
  title: "Ask for changes to a submission",
  http: { method: "POST", path: "/reviews/{ref}/changes-requested" },
  input: RequestChanges,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayRequestChanges,
  async run(tx, { input, subject, actor, now }) {
    insistRound(subject, input.round);
    await moveReview(
      tx,
      subject,
      { status: "changes_requested" },
      now,
      `${subject.ref} was decided a moment ago. Reload it.`,
    );
    const id = newId();
    await tx
      .insert(comments)
      .values({ id, reviewId: subject.id, section: null, authorId: actor.id, text: input.text, createdAt: now });
    return {
      result: { ref: subject.ref, status: "changes_requested" as const },
      entry: {
        ...entrySubject(subject),
        summary: `asked for changes to ${subject.ref}`,
        body: { round: input.round, comment: id, text: input.text },
      },
    };
  },
});

/** More eyes at any time; fewer only with a reason that stays on the page. */
export const changeLane = command({
  name: "review.lane.changed",
  title: "Move a review to another lane",
  http: { method: "POST", path: "/reviews/{ref}/lane" },
  input: ChangeLane,
  async load(tx, { ref, lane }) {
    return { ...(await lockedReview(tx, ref)), to: lane };
  },
  may: (actor, review) => mayChangeLane(actor, review, review.to),
  async run(tx, { input, subject, actor, now }) {
    const lower = lowersLane(subject, input.lane);
    if (lower && !input.reason)
      throw new Refusal("invalid", `Lowering the lane to ${laneName[input.lane]} needs a reason.`, [
        { field: "reason", message: "Say why fewer reviewers are enough." },
      ]);
    const text = `${actor.name} ${lower ? "lowered" : "raised"} it from ${subject.lane ? laneName[subject.lane].toLowerCase() : "no lane"}${input.reason ? `: ${input.reason}` : ""}`;
    const reasons = [{ rule: "reviewer", text }, ...subject.row.laneReasons.filter((r) => r.rule !== "reviewer")];
    const { id: calendarId, calendar } = await calendarOfUnit(tx, subject.unitId);
    const { at: promisedAt, on: promisedOn } = promised(input.lane, subject.row.submittedAt ?? now, calendar);
    await moveReview(
      tx,
      subject,
      { lane: input.lane, laneReasons: reasons, calendarId, promisedAt, promisedOn },
      now,
      `${subject.ref} was decided a moment ago. Reload it.`,
    );
    return {
      result: { ref: subject.ref, lane: input.lane, promisedOn },
      entry: {
        ...entrySubject(subject),
        summary: `moved ${subject.ref} to ${laneName[input.lane].toLowerCase()}`,
        body: {
          from: subject.lane,
          to: input.lane,
          reason: input.reason ?? null,
          promisedOn,
          promisedAt: promisedAt.toISOString(),
        },
      },
    };
  },
});
