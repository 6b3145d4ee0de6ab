import "server-only";
import { and, count, eq, gt, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { officeBookings, officeHours } from "@/db/schema/office-hours";
import { people } from "@/db/schema/org";
import { reviewAdvice } from "@/db/schema/reviewers";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { seriesRuleName } from "@/lib/meetings/slots";
import { findModel } from "@/lib/models/find";
import { lockedReview, reviewNamed } from "@/lib/reviews/load";
import { editable } from "@/lib/reviews/review";
import {
  Advise,
  BeginHours,
  Book,
  type BookingSubject,
  Cancel,
  EndHours,
  mayAdvise,
  mayBook,
  mayCancel,
  mayEndHours,
  mayOffer,
  slotsAhead,
} from "./office-hours";

/** Of one architect's hours a person books so many ahead, so that others get some. */
const mostAhead = 3;

export const beginHours = command({
  name: "office_hours.begun",
  title: "Offer office hours",
  http: { method: "POST", path: "/office-hours", status: 201 },
  input: BeginHours,
  load: async () => null,
  may: (actor) => mayOffer(actor),
  run: async (tx, { input, actor, now }) => {
    const { time, ...given } = input;
    if (given.startsOn < dayOf(now))
      throw new Refusal("invalid", "startsOn: choose a day that is not past.", [
        { field: "startsOn", message: "Lies in the past." },
      ]);
    const id = newId();
    await tx.insert(officeHours).values({ ...given, id, localTime: time, architectId: actor.id, createdAt: now });
    return {
      result: { id },
      entry: {
        subject: { kind: "office_hours", id, ref: given.topic },
        summary: `offers office hours, ${seriesRuleName[given.rule].toLowerCase()} at ${time} ${given.zone}: ${given.topic}`,
        body: { ...given, time },
      },
    };
  },
});

async function lockedHours(tx: Tx, id: string) {
  const [row] = await tx
    .select({ hours: officeHours, architect: people.name })
    .from(officeHours)
    .innerJoin(people, eq(people.id, officeHours.architectId))
    .where(eq(officeHours.id, id))
    .for("update", { of: officeHours });
  if (!row) throw new Refusal("not_found", "There are no such office hours.");
  return { ...row.hours, architect: row.architect };
}

/** Ends the hours; what is booked and has not begun is cancelled. */
export const endHours = command({
  name: "office_hours.ended",
  title: "End office hours",
  http: { method: "POST", path: "/office-hours/{hours}/end" },
  input: EndHours,
  load: (tx, { hours }) => lockedHours(tx, hours),
  may: mayEndHours,
  run: async (tx, { subject: hours, now }) => {
    if (hours.endedOn) throw new Refusal("conflict", "These office hours ended already.");
    await tx
      .update(officeHours)
      .set({ endedOn: dayOf(now) })
      .where(eq(officeHours.id, hours.id));
    const cancelled = await tx
      .update(officeBookings)
      .set({ cancelledAt: now, cancelledReason: "The office hours ended." })
      .where(
        and(
          eq(officeBookings.hoursId, hours.id),
          isNull(officeBookings.cancelledAt),
          isNull(officeBookings.advisedAt),
          gt(officeBookings.startsAt, now),
        ),
      )
      .returning({ id: officeBookings.id });
    return {
      result: { id: hours.id, cancelled: cancelled.length },
      entry: {
        subject: { kind: "office_hours", id: hours.id, ref: hours.topic },
        summary: `ended office hours: ${hours.topic}${cancelled.length > 0 ? `; ${cancelled.length} booked were cancelled` : ""}`,
        body: { cancelled: cancelled.map((c) => c.id) },
      },
    };
  },
});

export const book = command({
  name: "office_hours.booked",
  title: "Book an office hour",
  http: { method: "POST", path: "/office-hours/{hours}/bookings", status: 201 },
  input: Book,
  load: (tx, { hours }) => lockedHours(tx, hours),
  may: mayBook,
  run: async (tx, { input, subject: hours, actor, now }) => {
    const slot = slotsAhead(hours, now).find((s) => s.on === input.on && s.slot === input.slot);
    if (!slot)
      throw new Refusal("invalid", "on: there is no such slot ahead. Choose one that the page offers.", [
        { field: "on", message: "No such slot ahead." },
      ]);
    const [mine] = await tx
      .select({ n: count() })
      .from(officeBookings)
      .where(
        and(
          eq(officeBookings.hoursId, hours.id),
          eq(officeBookings.bookedBy, actor.id),
          isNull(officeBookings.cancelledAt),
          gt(officeBookings.startsAt, now),
        ),
      );
    if ((mine?.n ?? 0) >= mostAhead)
      throw new Refusal("conflict", `You have ${mostAhead} of these hours ahead; leave some for others.`);
    const review = input.review ? await reviewNamed(tx, input.review) : null;
    if (review && !holds(actor, "reviews:read", review.unitId))
      throw new Refusal("not_found", `There is no review ${input.review}.`);
    const model = review ? review.model : input.model ? await findModel(tx, input.model, actor) : null;
    const id = newId();
    const made = await tx
      .insert(officeBookings)
      .values({
        id,
        hoursId: hours.id,
        slotOn: slot.on,
        slot: slot.slot,
        startsAt: slot.startsAt,
        topic: input.topic,
        modelId: model?.id ?? null,
        reviewId: review?.id ?? null,
        bookedBy: actor.id,
        bookedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: officeBookings.id });
    if (made.length === 0) throw new Refusal("conflict", "Somebody took this slot. Choose another.");
    return {
      result: { id, startsAt: slot.startsAt },
      entry: {
        subject: { kind: "office_booking", id, ref: hours.topic },
        modelId: model?.id ?? null,
        summary: `booked an office hour of ${hours.architect} on ${sayMinute(slot.startsAt)}`,
        body: {
          hours: hours.id,
          startsAt: slot.startsAt.toISOString(),
          topic: input.topic,
          review: review?.ref ?? null,
        },
      },
    };
  },
});

type Booked = BookingSubject & { row: typeof officeBookings.$inferSelect; hours: string; now: Date };

async function lockedBooking(tx: Tx, id: string, actor: Actor, now: Date): Promise<Booked> {
  const [found] = await tx
    .select({ row: officeBookings, architectId: officeHours.architectId, hours: officeHours.topic })
    .from(officeBookings)
    .innerJoin(officeHours, eq(officeHours.id, officeBookings.hoursId))
    .where(eq(officeBookings.id, id))
    .for("update", { of: officeBookings });
  if (!found || (actor.id !== found.row.bookedBy && actor.id !== found.architectId))
    throw new Refusal("not_found", "There is no such booking of yours.");
  const { row } = found;
  return {
    ...found,
    bookedBy: row.bookedBy,
    startsAt: row.startsAt,
    cancelled: row.cancelledAt !== null,
    advised: row.advisedAt !== null,
    now,
  };
}

const about = (at: Booked) => ({
  subject: { kind: "office_booking", id: at.row.id, ref: at.hours },
  modelId: at.row.modelId,
});

export const cancelBooking = command({
  name: "office_hours.cancelled",
  title: "Cancel a booked office hour",
  http: { method: "POST", path: "/office-bookings/{booking}/cancel" },
  input: Cancel,
  load: (tx, { booking }, actor, now) => lockedBooking(tx, booking, actor, now),
  may: mayCancel,
  run: async (tx, { input, subject: at, now }) => {
    await tx
      .update(officeBookings)
      .set({ cancelledAt: now, cancelledReason: input.reason })
      .where(eq(officeBookings.id, at.row.id));
    return {
      result: { id: at.row.id },
      entry: {
        ...about(at),
        summary: `cancelled the office hour on ${sayMinute(at.startsAt)}`,
        body: { reason: input.reason },
      },
    };
  },
});

/** Says what was advised. Of a review that is not decided it stands in the advice log, in the architect's name. */
export const advise = command({
  name: "office_hours.advised",
  title: "Say what was advised in an office hour",
  http: { method: "POST", path: "/office-bookings/{booking}/advice" },
  input: Advise,
  load: (tx, { booking }, actor, now) => lockedBooking(tx, booking, actor, now),
  may: (actor, at) => mayAdvise(actor, at, at.now),
  run: async (tx, { input, subject: at, actor, now }) => {
    const review = at.row.reviewId ? await lockedReview(tx, at.row.reviewId) : null;
    const open = review !== null && (editable.includes(review.status) || review.status === "in_review");
    const adviceId = open ? newId() : null;
    if (review && adviceId)
      await tx.insert(reviewAdvice).values({
        id: adviceId,
        reviewId: review.id,
        adviserId: actor.id,
        question: at.row.topic,
        askedBy: at.bookedBy,
        askedAt: at.row.bookedAt,
        answer: input.advice,
        answeredAt: now,
      });
    await tx
      .update(officeBookings)
      .set({ advice: input.advice, advisedAt: now, adviceId })
      .where(eq(officeBookings.id, at.row.id));
    return {
      result: { id: at.row.id, review: open ? review.ref : null },
      entry: {
        ...about(at),
        summary: `said what was advised in an office hour${open ? ` on ${review.ref}` : ""}`,
        body: { advice: input.advice, topic: at.row.topic, review: review?.ref ?? null, adviceLog: adviceId },
      },
    };
  },
});
