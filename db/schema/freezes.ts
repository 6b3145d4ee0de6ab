import { index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns";
import { businessUnits, people } from "./org";
import { releases } from "./releases";

/** A window in which nothing is released to an environment, for one business unit with those below it or for all. */
export const releaseFreezes = pgTable(
  "release_freeze",
  {
    id: id(),
    ref: text().notNull().unique(),
    environment: text().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    /** Zone in which the window was given, for its words. */
    timeZone: text().notNull(),
    reason: text().notNull(),
    declaredBy: uuid()
      .notNull()
      .references(() => people.id),
    declaredAt: instant().notNull(),
    liftedBy: uuid().references(() => people.id),
    liftedAt: instant(),
    liftReason: text().notNull().default(""),
  },
  (t) => [
    index("release_freeze_by_end").on(t.environment, t.endsAt),
    index("release_freeze_by_start").on(t.startsAt.desc(), t.id.desc()),
  ],
);

/** A release that may go all the same, with the reason. */
export const releaseFreezeExemptions = pgTable(
  "release_freeze_exemption",
  {
    id: id(),
    freezeId: uuid()
      .notNull()
      .references(() => releaseFreezes.id),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id),
    reason: text().notNull(),
    givenBy: uuid()
      .notNull()
      .references(() => people.id),
    givenAt: instant().notNull(),
  },
  (t) => [
    unique("release_freeze_exemption_once").on(t.freezeId, t.releaseId),
    index("release_freeze_exemption_by_release").on(t.releaseId),
  ],
);
