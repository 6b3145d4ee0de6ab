import { sql } from "drizzle-orm";
import { boolean, date, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { ItemKind, ItemState, MeetingStatus } from "@/lib/meetings/meeting";
import type { SeriesRule } from "@/lib/meetings/slots";
import type { Seat } from "@/lib/reviews/review";
import { bytea, id, instant } from "./columns";
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
    openedAt: instant(),
    openedBy: uuid().references(() => people.id),
    /** Who leads it now; one person at a time. */
    ledBy: uuid().references(() => people.id),
    closedAt: instant(),
    currentItemId: uuid(),
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
    state: text().$type<ItemState>().notNull().default("waiting"),
    startedAt: instant(),
    endedAt: instant(),
    /** Seconds of discussion before startedAt. */
    spent: integer().notNull().default(0),
    /** Who leads it, where the meeting's leader has a stake in it. */
    ledBy: uuid().references(() => people.id),
    notes: text().notNull().default(""),
    notesRevision: integer().notNull().default(0),
    notesBy: text(),
  },
  (t) => [
    unique("agenda_item_review_once").on(t.meetingId, t.reviewId),
    index("agenda_item_by_meeting").on(t.meetingId, t.position),
  ],
);

/** When somebody came and left, and in which seat. */
export const attendance = pgTable(
  "meeting_attendance",
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    seat: text().$type<Seat>(),
    /** The member whose seat a delegate takes. */
    forId: uuid().references(() => people.id),
    cameAt: instant().notNull(),
    leftAt: instant(),
  },
  (t) => [
    uniqueIndex("meeting_attendance_once").on(t.meetingId, t.personId).where(sql`left_at is null`),
    index("meeting_attendance_by_person").on(t.personId, t.meetingId),
  ],
);

/** Minutes, edition by edition; a published one never changes. */
export const meetingMinutes = pgTable(
  "meeting_minutes",
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    edition: integer().notNull(),
    summary: text().notNull().default(""),
    /** The chair's words on each item, by its id. */
    texts: jsonb().$type<Record<string, string>>().notNull().default({}),
    revision: integer().notNull().default(1),
    reason: text(),
    draftedAt: instant().notNull(),
    draftedBy: text().notNull(),
    publishedAt: instant(),
    publishedBy: uuid().references(() => people.id),
    content: bytea(),
    digest: text(),
  },
  (t) => [unique("meeting_minutes_edition").on(t.meetingId, t.edition)],
);

/** The address at which a person's calendar is read; only its hash is kept. */
export const calendarFeeds = pgTable(
  "calendar_feed",
  {
    id: id(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    hash: bytea().notNull().unique(),
    madeAt: instant().notNull(),
    revokedAt: instant(),
  },
  (t) => [uniqueIndex("calendar_feed_once").on(t.personId).where(sql`revoked_at is null`)],
);
