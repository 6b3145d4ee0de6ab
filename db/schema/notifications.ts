import { sql } from "drizzle-orm";
import { bigint, date, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import type { ChatSystem } from "@/lib/notifications/chat";
import type { DeliveryState, MailChoice, NoticeKind } from "@/lib/notifications/notification";
import { bytea, id, instant } from "./columns";
import { businessUnits, people } from "./org";

/** One happening in one sentence, from an entry of the log or a reminder (decision 0285). */
export const notices = pgTable("notice", {
  id: id(),
  entryId: uuid().unique(),
  reminder: text().unique(),
  /** What it is about, as the subject of a mail names it. */
  thing: text().notNull(),
  what: text().notNull(),
  href: text().notNull(),
  /** Notices of one thread are shown and mailed together. */
  thread: text().notNull(),
  modelId: uuid(),
  unitId: uuid(),
  at: instant().notNull(),
});

/** A notice for one person, with what is asked of them; empty when nothing is. */
export const notifications = pgTable(
  "notification",
  {
    id: id(),
    noticeId: uuid()
      .notNull()
      .references(() => notices.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    kind: text().$type<NoticeKind>().notNull(),
    ask: text().notNull(),
    dueOn: date(),
    at: instant().notNull(),
    readAt: instant(),
    madeAt: instant().notNull().defaultNow(),
    mail: text().$type<"immediate" | "digest" | "none">().notNull().default("none"),
    /** The mail that it went out with. */
    deliveryId: uuid(),
  },
  (t) => [
    unique("notification_once").on(t.noticeId, t.personId),
    index("notification_by_person").on(t.personId, t.at.desc(), t.id.desc()),
    index("notification_for_digest")
      .on(t.personId, t.madeAt)
      .where(sql`mail = 'digest' and delivery_id is null and read_at is null`),
    index("notification_by_delivery").on(t.deliveryId).where(sql`delivery_id is not null`),
    index("notification_unread").on(t.personId, t.at.desc(), t.id.desc()).where(sql`read_at is null`),
  ],
);

/** How far the log was gone through: the index of the next entry. One row. */
export const notificationCursor = pgTable("notification_cursor", {
  id: integer().primaryKey(),
  nextIndex: bigint({ mode: "number" }).notNull(),
});

/** Where someone departs from what is usual for a kind. */
export const notificationPreferences = pgTable(
  "notification_preference",
  {
    personId: uuid()
      .notNull()
      .references(() => people.id),
    kind: text().$type<NoticeKind>().notNull(),
    mail: text().$type<MailChoice>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.kind] })],
);

/** When someone wants their mail. */
export const notificationSettings = pgTable("notification_setting", {
  personId: uuid()
    .primaryKey()
    .references(() => people.id),
  timeZone: text().notNull(),
  digestHour: integer().notNull(),
  quietFrom: integer(),
  quietUntil: integer(),
});

/** A channel of a chat that is told of what happens. */
export const chatChannels = pgTable("chat_channel", {
  id: id(),
  name: text().notNull(),
  system: text().$type<ChatSystem>().notNull(),
  /** The webhook's address, sealed: whoever has it may write there. */
  url: bytea().notNull(),
  host: text().notNull(),
  /** null: whatever happens in the organisation. */
  unitId: uuid().references(() => businessUnits.id),
  kinds: text().array().$type<NoticeKind[]>().notNull(),
  pausedAt: instant(),
  createdAt: instant().notNull(),
  createdBy: text().notNull(),
  removedAt: instant(),
});

/** One message on its way out. */
export const deliveries = pgTable(
  "delivery",
  {
    id: id(),
    /** Whose mail it is, or in which channel it is said. */
    personId: uuid().references(() => people.id),
    channelId: uuid().references(() => chatChannels.id),
    noticeId: uuid(),
    digestOn: date(),
    state: text().$type<DeliveryState>().notNull().default("waiting"),
    attempts: integer().notNull().default(0),
    nextAt: instant().notNull(),
    claimedAt: instant(),
    /** What the server said last. */
    answer: text().notNull().default(""),
    madeAt: instant().notNull(),
    finishedAt: instant(),
  },
  (t) => [
    unique("delivery_chat_once").on(t.channelId, t.noticeId),
    unique("delivery_digest_once").on(t.personId, t.digestOn),
    index("delivery_due").on(t.nextAt).where(sql`state = 'waiting'`),
    index("delivery_trouble").on(t.madeAt).where(sql`state in ('sending', 'failed', 'given_up', 'uncertain')`),
  ],
);
