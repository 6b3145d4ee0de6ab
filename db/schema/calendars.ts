import { sql } from "drizzle-orm";
import { boolean, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Holiday } from "@/lib/calendars/calendar";
import { id, instant } from "./columns";

/** When work is done in a region. */
export const workingCalendars = pgTable(
  "working_calendar",
  {
    id: id(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    timeZone: text().notNull(),
    /** ISO weekdays, 1 for Monday. */
    weekdays: integer().array().notNull(),
    /** Local time as HH:MM. */
    workFrom: text().notNull(),
    workTo: text().notNull(),
    holidays: jsonb().$type<Holiday[]>().notNull().default([]),
    isDefault: boolean().notNull().default(false),
    createdAt: instant().notNull(),
  },
  (t) => [uniqueIndex("working_calendar_one_default").on(t.isDefault).where(sql`is_default`)],
);
