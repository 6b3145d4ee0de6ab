import { date, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns";
import { people } from "./org";

/** Who takes a board member's seat from one day to another. */
export const boardDelegates = pgTable("board_delegate", {
  id: id(),
  memberId: uuid()
    .notNull()
    .references(() => people.id),
  delegateId: uuid()
    .notNull()
    .references(() => people.id),
  fromOn: date().notNull(),
  untilOn: date().notNull(),
  reason: text().notNull(),
  namedBy: uuid()
    .notNull()
    .references(() => people.id),
  namedAt: instant().notNull(),
  /** Taken back before its last day. */
  endedAt: instant(),
  endedBy: uuid().references(() => people.id),
});
