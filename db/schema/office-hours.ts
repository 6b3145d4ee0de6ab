import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { SeriesRule } from "@/lib/meetings/slots";
import { id, instant } from "./columns";
import { models } from "./models";
import { people } from "./org";
import { reviewAdvice } from "./reviewers";
import { reviews } from "./reviews";

/** Hours in which an architect can be asked, coming round at a local time. */
export const officeHours = pgTable(
  "office_hours",
  {
    id: id(),
    architectId: uuid()
      .notNull()
      .references(() => people.id),
    topic: text().notNull(),
    rule: text().$type<SeriesRule>().notNull(),
    startsOn: date().notNull(),
    localTime: text().notNull(),
    zone: text().notNull(),
    slotMinutes: integer().notNull(),
    slots: integer().notNull(),
    place: text().notNull().default(""),
    createdAt: instant().notNull(),
    endedOn: date(),
  },
  (t) => [index("office_hours_by_architect").on(t.architectId).where(sql`ended_on is null`)],
);

/** A slot that somebody took. */
export const officeBookings = pgTable(
  "office_booking",
  {
    id: id(),
    hoursId: uuid()
      .notNull()
      .references(() => officeHours.id),
    slotOn: date().notNull(),
    slot: integer().notNull(),
    startsAt: instant().notNull(),
    topic: text().notNull(),
    modelId: uuid().references(() => models.id),
    reviewId: uuid().references(() => reviews.id),
    bookedBy: uuid()
      .notNull()
      .references(() => people.id),
    bookedAt: instant().notNull(),
    cancelledAt: instant(),
    cancelledReason: text(),
    advice: text(),
    advisedAt: instant(),
    /** Of the advice log of the review. */
    adviceId: uuid().references(() => reviewAdvice.id),
  },
  (t) => [
    uniqueIndex("office_booking_once").on(t.hoursId, t.slotOn, t.slot).where(sql`cancelled_at is null`),
    index("office_booking_by_start").on(t.startsAt),
    index("office_booking_by_person").on(t.bookedBy, t.startsAt),
  ],
);
