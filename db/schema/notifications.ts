import { sql } from "drizzle-orm";
import { bigint, date, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { NoticeKind } from "@/lib/notifications/notification";
import { id, instant } from "./columns";
import { people } from "./org";

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
  },
  (t) => [
    unique("notification_once").on(t.noticeId, t.personId),
    index("notification_by_person").on(t.personId, t.at.desc(), t.id.desc()),
    index("notification_unread").on(t.personId, t.at.desc(), t.id.desc()).where(sql`read_at is null`),
  ],
);

/** How far the log was gone through: the index of the next entry. One row. */
export const notificationCursor = pgTable("notification_cursor", {
  id: integer().primaryKey(),
  nextIndex: bigint({ mode: "number" }).notNull(),
});
