import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { type Day, dayOf } from "@/lib/core/business-days";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import { TimeZone } from "@/lib/core/zone";
import { instantOf } from "@/lib/core/zone-instant";
import { type SeriesRule, seriesRules, slotsOf } from "@/lib/meetings/slots";
import { modelKey } from "@/lib/models/inputs";
import { Note, ReviewRef } from "@/lib/reviews/review";

/** Slots are open so many days ahead. */
export const aheadDays = 42;

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters.`);
const uuid = (what: string) => z.uuid(`Give the id of the ${what}.`);

export const BeginHours = z.strictObject({
  topic: text(160).min(5, "Say in a few words what you can be asked."),
  rule: z.enum(seriesRules, "Choose weekly, fortnightly or monthly."),
  startsOn: day("The day of the first hour, such as 2026-12-01."),
  time: z
    .string()
    .max(5, "Give a local time such as 10:00.")
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a local time such as 10:00."),
  zone: TimeZone,
  slotMinutes: whole(z.number("Minutes.").int().min(10, "At least 10 minutes.").max(120, "At most 120 minutes.")),
  slots: whole(z.number("How many.").int().min(1, "At least one.").max(12, "At most 12.")),
  place: text(300).default("").describe("A room, or a link"),
});
export const EndHours = z.strictObject({ hours: uuid("office hours") });

export const Book = z.strictObject({
  hours: uuid("office hours"),
  on: day(),
  slot: whole(z.number("Which slot of the day, from 0.").int().min(0, "From 0.").max(11, "At most 11.")),
  topic: Note(10, "Say what you want to ask"),
  model: modelKey.optional(),
  review: ReviewRef.optional(),
});
export const Cancel = z.strictObject({
  booking: uuid("booking"),
  reason: text(500).min(3, "Say why in at least 3 characters."),
});
export const Advise = z.strictObject({ booking: uuid("booking"), advice: Note(10, "Say what was advised") });

/** Architects offer hours. */
export const mayOffer = (actor: Actor): Verdict =>
  actor.kind === "person" && hasRole(actor, "architect")
    ? yes
    : no("forbidden", "Office hours are an architect's to offer.");

export const mayEndHours = (actor: Actor, hours: { architectId: string }): Verdict =>
  actor.kind === "person" && (actor.id === hours.architectId || holds(actor, "people:manage"))
    ? yes
    : no("forbidden", "The architect who offers these hours ends them.");

export const mayLook = (actor: Actor): Verdict =>
  holds(actor, "inventory:read")
    ? yes
    : no("forbidden", "Office hours need a role here. Ask an administrator for one.");

/** Anyone with a role books; nobody their own hours. */
export function mayBook(actor: Actor, hours: { architectId: string; architect: string }): Verdict {
  if (actor.kind !== "person") return no("forbidden", "A person books an office hour.");
  const may = mayLook(actor);
  if (!may.ok) return may;
  return actor.id === hours.architectId ? no("forbidden", "These are your own hours.") : yes;
}

export type BookingSubject = {
  architectId: string;
  bookedBy: string;
  startsAt: Date;
  cancelled: boolean;
  advised: boolean;
};

export function mayCancel(actor: Actor, booking: BookingSubject): Verdict {
  if (actor.id !== booking.bookedBy && actor.id !== booking.architectId)
    return no("forbidden", "Whoever booked it and the architect cancel it.");
  if (booking.cancelled) return no("conflict", "It is cancelled already.");
  return booking.advised ? no("conflict", "It has taken place.") : yes;
}

export function mayAdvise(actor: Actor, booking: BookingSubject, now: Date): Verdict {
  if (actor.kind !== "person" || actor.id !== booking.architectId)
    return no("forbidden", "The architect who was asked says what was advised.");
  if (booking.cancelled) return no("conflict", "It was cancelled.");
  if (booking.advised) return no("conflict", "What was advised is said already; it stands.");
  return now < booking.startsAt ? no("conflict", "It has not begun yet.") : yes;
}

/** One slot: its day, its place on that day from 0, and when it begins. */
export type Slot = { on: Day; slot: number; startsAt: Date };

type Hours = {
  rule: SeriesRule;
  startsOn: Day;
  localTime: string;
  zone: string;
  slotMinutes: number;
  slots: number;
  endedOn: Day | null;
};

/** The slots that begin between now and so many days ahead. The first of a day is at the local time; the others follow it. */
export function slotsAhead(hours: Hours, now: Date): Slot[] {
  const until = dayOf(new Date(now.getTime() + aheadDays * 86_400_000));
  // A day earlier, for zones in which today began before it did in UTC.
  const from = dayOf(new Date(now.getTime() - 86_400_000));
  return slotsOf(hours.rule, hours.startsOn, from, until)
    .filter((on) => hours.endedOn === null || on < hours.endedOn)
    .flatMap((on) => {
      const first = instantOf(on, hours.localTime, hours.zone).getTime();
      return Array.from({ length: hours.slots }, (_, slot) => ({
        on,
        slot,
        startsAt: new Date(first + slot * hours.slotMinutes * 60_000),
      }));
    })
    .filter((s) => s.startsAt > now);
}
