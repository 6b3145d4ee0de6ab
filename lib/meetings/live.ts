import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { personKey } from "@/lib/models/inputs";
import type { Seat } from "@/lib/reviews/review";
import { type ItemState, MeetingRef, type MeetingStatus, meetingStatusName } from "./meeting";

const item = z.uuid("Give the id of the item.");
export const OfMeeting = z.strictObject({ ref: MeetingRef });
export const Attend = z.strictObject({
  ref: MeetingRef,
  person: personKey.optional().describe("Who came or left; left out: you"),
});
export const TakeUp = z.strictObject({
  ref: MeetingRef,
  item,
  /** What the caller saw being discussed; null: nothing. */
  current: z.uuid().nullable().describe("The item that was being discussed when the caller looked, or null"),
});
export const EndItem = z.strictObject({ ref: MeetingRef, item });
export const LeadItem = z.strictObject({ ref: MeetingRef, item });
export const SaveNotes = z.strictObject({
  ref: MeetingRef,
  item,
  revision: whole(z.number().int().min(0).max(1_000_000)).describe("Revision of the notes that was read"),
  notes: z.string().max(20_000, "Use at most 20,000 characters."),
});

/** A meeting as the rules of holding it see it. */
export type LiveSubject = {
  ref: string;
  status: MeetingStatus;
  chairId: string;
  chair: string;
  ledBy: string | null;
  leader: string | null;
  /** Who may sit today: holders of seats and their delegates. */
  seats: readonly { personId: string; seat: Seat; for: string | null }[];
};

const is = (meeting: LiveSubject, status: MeetingStatus, todo: string): Verdict =>
  meeting.status === status
    ? yes
    : no("conflict", `${meeting.ref} is ${meetingStatusName[meeting.status].toLowerCase()}; ${todo}`);

/** The chair, a deputy with the chair's rights, or the delegate in the chair's seat. */
const chairs = (actor: Actor, meeting: LiveSubject): boolean =>
  actor.kind === "person" &&
  (holds(actor, "reviews:decide") ||
    (meeting.seats.some((s) => s.personId === actor.id && s.for !== null && s.seat === "chair") &&
      (actor.scopes?.includes("reviews:vote") ?? true)));

export function mayOpen(actor: Actor, meeting: LiveSubject): Verdict {
  if (!chairs(actor, meeting))
    return no("forbidden", `${meeting.chair} opens this meeting, or a deputy or delegate in the chair's seat.`);
  if (meeting.status === "open")
    return no("conflict", `${meeting.leader ?? "Someone"} opened ${meeting.ref} already and leads it.`);
  return is(meeting, "planned", "it cannot be opened.");
}

/** The lead changes hands only by its own command, so that never two lead. */
export function mayTakeLead(actor: Actor, meeting: LiveSubject): Verdict {
  if (!chairs(actor, meeting))
    return no("forbidden", "Only the chair, a deputy or the delegate in the chair's seat can take the lead.");
  if (meeting.ledBy === actor.id) return no("conflict", "You lead this meeting already.");
  return is(meeting, "open", "there is nothing to lead.");
}

/** What only the one who leads does: items, attendance of others, closing. */
export function mayLead(actor: Actor, meeting: LiveSubject): Verdict {
  if (!chairs(actor, meeting)) return no("forbidden", "Only who leads the meeting does this.");
  const open = is(meeting, "open", "open it first.");
  if (!open.ok) return open;
  return meeting.ledBy === actor.id
    ? yes
    : no("conflict", `${meeting.leader ?? "Someone else"} leads this meeting. Take the lead first.`);
}

/** Anyone who reads reviews may sit in; a person says so for themselves, the leader for anyone. */
export function mayAttend(actor: Actor, meeting: LiveSubject, personId: string): Verdict {
  if (actor.kind !== "person" || !holds(actor, "reviews:read"))
    return no("forbidden", "Only people who may read reviews attend.");
  if (actor.id !== personId) return mayLead(actor, meeting);
  return is(meeting, "open", "nobody comes or leaves.");
}

/** An item as its rules see it. Null stakes: it is no review. */
export type ItemSubject = {
  id: string;
  title: string;
  state: ItemState;
  ledBy: string | null;
  itemLeader: string | null;
  review: {
    ref: string;
    partyIds: readonly string[];
    recusedIds: readonly string[];
  } | null;
};

/** Why someone must not take part in an item; null: they may. */
export function asideOf(personId: string, item: ItemSubject): "recused" | "stake" | null {
  if (item.review?.recusedIds.includes(personId)) return "recused";
  return item.review?.partyIds.includes(personId) ? "stake" : null;
}

/** Whoever has a stake in an item does not lead it, be they the chair. */
export function mayLeadItem(actor: Actor, meeting: LiveSubject, item: ItemSubject): Verdict {
  const aside = asideOf(actor.id, item);
  if (aside && chairs(actor, meeting))
    return no(
      "forbidden",
      aside === "stake"
        ? `You have a stake in ${item.review?.ref} (author, submitter or owner), so you cannot lead it. Another member of the board takes it over.`
        : `You are recused from ${item.review?.ref}, so you cannot lead it. Another member of the board takes it over.`,
    );
  return mayLead(actor, meeting);
}

/** A member of the board leads an item in which the meeting's leader has a stake. */
export function mayTakeItem(actor: Actor, meeting: LiveSubject, item: ItemSubject): Verdict {
  if (actor.kind !== "person" || !meeting.seats.some((s) => s.personId === actor.id))
    return no("forbidden", "Only members of the board lead an item.");
  const open = is(meeting, "open", "open it first.");
  if (!open.ok) return open;
  if (asideOf(actor.id, item))
    return no("forbidden", `You are recused from ${item.review?.ref} or have a stake in it, so you cannot lead it.`);
  if (!meeting.ledBy || !asideOf(meeting.ledBy, item))
    return no("conflict", `${meeting.leader ?? "Who leads the meeting"} leads this item.`);
  return item.ledBy
    ? no("conflict", `${item.ledBy === actor.id ? "You lead" : `${item.itemLeader} leads`} this item already.`)
    : yes;
}

/** Notes are taken by who leads, by an architect as scribe, or by who leads the item; not by who must leave the room. */
export function mayNote(actor: Actor, meeting: LiveSubject, item: ItemSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person takes notes.");
  const aside = asideOf(actor.id, item);
  if (aside)
    return no("forbidden", `You are recused from ${item.review?.ref} or have a stake in it; others take the notes.`);
  if (!meeting.seats.some((s) => s.personId === actor.id) && !chairs(actor, meeting))
    return no("forbidden", "Members of the board take the notes.");
  return meeting.status === "open" || meeting.status === "closed"
    ? yes
    : no(
        "conflict",
        `${meeting.ref} is ${meetingStatusName[meeting.status].toLowerCase()}; notes are taken once it is open.`,
      );
}

/** Seconds that an item was discussed until `now`. */
export const discussed = (item: { spent: number; startedAt: Date | null; state: ItemState }, now: Date): number =>
  item.spent +
  (item.state === "current" && item.startedAt
    ? Math.max(0, Math.round((now.getTime() - item.startedAt.getTime()) / 1000))
    : 0);

/** A meeting is opened on its day. The sentence that says it is too early; null: it is time. */
export const tooEarly = (meeting: { ref: string; startsAt: Date }, now: Date): string | null =>
  meeting.startsAt.getTime() - now.getTime() > 24 * 3_600_000
    ? `${meeting.ref} is more than a day ahead. Move it to today first.`
    : null;
