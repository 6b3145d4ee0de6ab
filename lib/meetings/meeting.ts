import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import { TimeZone } from "@/lib/core/zone";
import { personKey } from "@/lib/models/inputs";
import { ReviewRef, type Seat, seatName } from "@/lib/reviews/review";
import { seriesRules } from "./slots";

export const meetingStatuses = ["planned", "open", "closed", "cancelled"] as const;
export type MeetingStatus = (typeof meetingStatuses)[number];
export const meetingStatusName: Record<MeetingStatus, string> = {
  planned: "Planned",
  open: "In session",
  closed: "Held",
  cancelled: "Cancelled",
};

export const itemKinds = ["review", "advice", "policy", "office_hours", "other"] as const;
export type ItemKind = (typeof itemKinds)[number];
export const itemKindName: Record<ItemKind, string> = {
  review: "Review",
  advice: "Advice",
  policy: "Policy or standard",
  office_hours: "Office hours",
  other: "Other",
};

/** Where an item stands while the meeting is held. Skipped: the meeting closed before it. */
export type ItemState = "waiting" | "current" | "done" | "skipped";

/** Minutes that an item gets when nobody says otherwise. */
export const boxOf = (kind: ItemKind, tier: number | null = null): number =>
  kind === "review" ? (tier === 1 ? 30 : 20) : { advice: 15, policy: 15, office_hours: 20, other: 10 }[kind];

/** How far ahead meetings of a series are made, in days. */
export const aheadDays = 90;

const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `Use at most ${most.toLocaleString("en-GB")} characters.`);
export const MeetingRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^MTG-\d{1,9}$/i, "Use a reference like MTG-0007.");
const title = text(120).min(3, "Use at least 3 characters.");
const clock = z
  .string()
  .max(5, "Give a local time such as 10:00.")
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a local time such as 10:00.");
const minutes = whole(z.number().int().min(15, "At least 15 minutes.").max(480, "At most 480 minutes."));
const box = whole(z.number().int().min(5, "At least 5 minutes.").max(240, "At most 240 minutes."));
const preReadDays = whole(z.number().int().min(0).max(10, "At most 10 business days."));
/** The agenda and particulars that the caller read. */
const revision = whole(z.number().int().min(1).max(1_000_000)).describe("Revision of the meeting that was read");
const because = text(500).min(3, "Say why in at least 3 characters.");

const timing = {
  time: clock.describe("Local time on the clocks of the zone"),
  zone: TimeZone,
  minutes: minutes.default(90),
  place: text(300).default("").describe("A room, or a link"),
  preReadDays: preReadDays.default(2).describe("Business days before the meeting by which its papers are read"),
  chair: personKey.optional().describe("Who chairs; left out: you"),
};

export const CreateSeries = z.strictObject({
  name: title,
  rule: z.enum(seriesRules, "Choose weekly, fortnightly or monthly."),
  startsOn: day("The day of the first meeting, such as 2026-12-01."),
  ...timing,
});
export const EndSeries = z.strictObject({ series: z.uuid("Give the id of the series."), reason: because });
export const PlanMeeting = z.strictObject({
  title,
  on: day("The day of the meeting, such as 2026-12-01."),
  ...timing,
});
export const MoveMeeting = z.strictObject({
  ref: MeetingRef,
  revision,
  on: day("The new day, such as 2026-12-02."),
  time: clock,
  minutes: minutes.optional(),
  place: text(300).optional(),
  reason: because,
});
export const CancelMeeting = z.strictObject({ ref: MeetingRef, reason: because });

export const AddItem = z
  .strictObject({
    ref: MeetingRef,
    kind: z.enum(itemKinds, `Choose ${itemKinds.join(", ")}.`).default("review"),
    review: ReviewRef.optional(),
    title: text(200).optional(),
    text: text(4000).default(""),
    minutes: box.optional(),
  })
  .superRefine((input, ctx) => {
    const fault = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message });
    if (input.kind === "review" && !input.review) fault("review", "Name the review, such as REV-0412.");
    if (input.kind !== "review" && input.review) fault("review", "Only an item of the kind review names one.");
    if (input.kind !== "review" && (input.title ?? "").length < 3) fault("title", "Say in at least 3 characters what.");
  });
export const FillAgenda = z.strictObject({ ref: MeetingRef });
export const ChangeItem = z.strictObject({ ref: MeetingRef, item: z.uuid(), revision, minutes: box });
export const RemoveItem = z.strictObject({ ref: MeetingRef, item: z.uuid(), revision });
export const OrderAgenda = z.strictObject({
  ref: MeetingRef,
  revision,
  items: z.array(z.uuid()).min(1).max(100, "At most 100 items.").describe("All items, in their new order"),
});

/** Series, meetings and agendas are arranged by the chair or an architect. */
export const mayArrange = (actor: Actor): Verdict =>
  actor.kind === "person" &&
  (holds(actor, "reviews:decide") || (hasRole(actor, "architect") && holds(actor, "reviews:vote")))
    ? yes
    : no("forbidden", "Only the chair or an architect arranges meetings and their agendas.");

export type MeetingSubject = { ref: string; status: MeetingStatus };

export function mayChangePlan(actor: Actor, meeting: MeetingSubject): Verdict {
  const verdict = mayArrange(actor);
  if (!verdict.ok) return verdict;
  return meeting.status === "planned"
    ? yes
    : no(
        "conflict",
        `${meeting.ref} is ${meetingStatusName[meeting.status].toLowerCase()}; only a planned meeting changes.`,
      );
}

/** Items come and go while the meeting runs too. */
export function mayChangeAgenda(actor: Actor, meeting: MeetingSubject): Verdict {
  const verdict = mayArrange(actor);
  if (!verdict.ok) return verdict;
  return meeting.status === "planned" || meeting.status === "open"
    ? yes
    : no("conflict", `${meeting.ref} is ${meetingStatusName[meeting.status].toLowerCase()}; its agenda is fixed.`);
}

/** Without these seats the board can decide nothing, so meeting is idle. Null: someone can take each of them. */
export function emptySeats(needed: readonly Seat[], taken: readonly Seat[]): string | null {
  const empty = needed.filter((seat) => !taken.includes(seat)).map((seat) => seatName[seat].toLowerCase());
  if (empty.length === 0) return null;
  return `Nobody can take the ${empty.join(" and ")} seat${empty.length > 1 ? "s" : ""}, so the board could decide nothing. An administrator must give someone the role first.`;
}
