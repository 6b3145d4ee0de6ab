import { boolean, date, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { ItemKind, MeetingStatus } from "@/lib/meetings/meeting";
import type { SeriesRule } from "@/lib/meetings/slots";
import { id, instant } from "./columns";
import { people } from "./org";
import { reviews } from "./reviews";

/** A meeting that comes round. */
export const meetingSeries = pgTable("meeting_series", {
  id: id(),
  name: text().notNull(),
  rule: text().$type<SeriesRule>().notNull(),
  startsOn: date().notNull(),
  /** HH:MM on the clocks of `zone`. */
  localTime: text().notNull(),
  zone: text().notNull(),
  minutes: integer().notNull(),
  place: text().notNull().default(""),
  preReadDays: integer().notNull(),
  chairId: uuid()
    .notNull()
    .references(() => people.id),
  createdBy: uuid()
    .notNull()
    .references(() => people.id),
  createdAt: instant().notNull(),
  endedOn: date(),
});

export const meetings = pgTable(
  "meeting",
  {
    id: id(),
    ref: text().notNull().unique(),
    seriesId: uuid().references(() => meetingSeries.id),
    slotOn: date(),
    title: text().notNull(),
    startsAt: instant().notNull(),
    zone: text().notNull(),
    minutes: integer().notNull(),
    place: text().notNull().default(""),
    preReadDays: integer().notNull(),
    preReadOn: date().notNull(),
    chairId: uuid()
      .notNull()
      .references(() => people.id),
    status: text().$type<MeetingStatus>().notNull(),
    cancelledReason: text(),
    /** iCalendar SEQUENCE. */
    sequence: integer().notNull().default(0),
    createdAt: instant().notNull(),
    changedAt: instant().notNull(),
    changedBy: text().notNull(),
    revision: integer().notNull().default(1),
  },
  (t) => [unique("meeting_once_per_slot").on(t.seriesId, t.slotOn), index("meeting_by_start").on(t.startsAt, t.id)],
);

export const agendaItems = pgTable(
  "agenda_item",
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    position: integer().notNull(),
    kind: text().$type<ItemKind>().notNull(),
    reviewId: uuid().references(() => reviews.id),
    /** The round of the review when it was put on the agenda. */
    round: integer(),
    title: text().notNull(),
    text: text().notNull().default(""),
    minutes: integer().notNull(),
    addedBy: uuid()
      .notNull()
      .references(() => people.id),
    addedAt: instant().notNull(),
    /** Added after the day by which papers are read. */
    late: boolean().notNull(),
  },
  (t) => [
    unique("agenda_item_review_once").on(t.meetingId, t.reviewId),
    index("agenda_item_by_meeting").on(t.meetingId, t.position),
  ],
);
