import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import type { Choice, Outcome, Seat } from "@/lib/reviews/review";
import { type ItemKind, type ItemState, MeetingRef, type MeetingStatus } from "./meeting";

const revision = whole(z.number().int().min(1).max(1_000_000)).describe("Revision of the minutes that was read");
const words = (most: number) => z.string().max(most, `Use at most ${most.toLocaleString("en-GB")} characters.`);

export const SaveMinutes = z.strictObject({
  ref: MeetingRef,
  revision,
  summary: words(20_000),
  texts: z.record(z.uuid(), words(20_000)).describe("Words on each item, by the item's id"),
});
export const PublishMinutes = z.strictObject({ ref: MeetingRef, revision });
export const CorrectMinutes = z.strictObject({
  ref: MeetingRef,
  reason: z
    .string()
    .trim()
    .min(10, "Say in at least 10 characters what was wrong.")
    .max(1000, "Use at most 1,000 characters."),
});

/** Version of the minutes' bytes: canonical JSON (RFC 8785). */
export const minutesVersion = "countersign/minutes/v1";

export type MinutesItem = {
  id: string;
  kind: ItemKind;
  title: string;
  state: ItemState;
  seconds: number;
  /** Who led it instead of the chair. */
  ledBy: string | null;
  text: string;
  review: {
    ref: string;
    model: string;
    round: number | null;
    aside: string[];
    votes: {
      name: string;
      seat: Seat;
      for: string | null;
      choice: Choice;
      reason: string;
      /** Absent in minutes that were published before it was kept. */
      castAt?: string | undefined;
    }[];
    decision: {
      outcome: Outcome;
      digest: string;
      decidedAt: string;
      conditions: { ref: string; text: string }[];
    } | null;
  } | null;
};

/** What minutes say. What people did comes from the record, the words from the chair. */
export type Minutes = {
  v: typeof minutesVersion;
  meeting: {
    ref: string;
    title: string;
    startsAt: string;
    zone: string;
    place: string;
    openedAt: string;
    closedAt: string;
    chair: string;
    ledBy: string;
  };
  edition: number;
  correction: string | null;
  summary: string;
  attendance: { name: string; seat: Seat | null; for: string | null; cameAt: string; leftAt: string | null }[];
  items: MinutesItem[];
};

/** Votes and decisions are not bound to the meeting: which were made apart from it, so that nobody takes them for its own. */
export const apartFrom = (
  meeting: Pick<Minutes["meeting"], "openedAt" | "closedAt">,
  at: string | undefined,
): "before the meeting" | "after the meeting" | null =>
  at === undefined
    ? null
    : at < meeting.openedAt
      ? "before the meeting"
      : at > meeting.closedAt
        ? "after the meeting"
        : null;

export type MinutesSubject = {
  ref: string;
  status: MeetingStatus;
  chairId: string;
  ledBy: string | null;
  /** The newest edition. */
  publishedAt: Date | null;
};

/** Whoever led the meeting or chairs the board writes and confirms them. */
const mayKeep = (actor: Actor, minutes: MinutesSubject): Verdict => {
  if (actor.kind !== "person" || !(holds(actor, "reviews:decide") || actor.id === minutes.ledBy))
    return no("forbidden", "The chair, or who led the meeting, writes its minutes.");
  return minutes.status === "closed" ? yes : no("conflict", `${minutes.ref} is not closed yet; minutes come after.`);
};

export function mayEditMinutes(actor: Actor, minutes: MinutesSubject): Verdict {
  const keeps = mayKeep(actor, minutes);
  if (!keeps.ok) return keeps;
  return minutes.publishedAt
    ? no("conflict", `The minutes of ${minutes.ref} are published and fixed. Correct them by a new edition.`)
    : yes;
}

export function mayCorrectMinutes(actor: Actor, minutes: MinutesSubject): Verdict {
  const keeps = mayKeep(actor, minutes);
  if (!keeps.ok) return keeps;
  return minutes.publishedAt
    ? yes
    : no("conflict", `The minutes of ${minutes.ref} are not published yet; change the draft instead.`);
}
