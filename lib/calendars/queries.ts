import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findCalendar } from "./find";

function insistOnReading(actor: Actor): void {
  if (actor.kind !== "system" && !holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "You need a role to see the calendars. Ask an administrator for one.");
}

type CalendarLine = {
  slug: string;
  name: string;
  timeZone: string;
  weekdays: number[];
  workFrom: string;
  workTo: string;
  isDefault: boolean;
  /** Days off from today on. */
  ahead: number;
  /** The last day off that is entered: beyond it promises know no holidays. */
  knownUntil: string | null;
  units: { slug: string; name: string }[];
};

/** The calendars, with the units that chose each; a handful. */
export const listCalendars = query({
  name: "calendars.list",
  title: "List working calendars",
  http: { method: "GET", path: "/calendars" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    insistOnReading(actor);
    const { rows } = await read.execute<CalendarLine>(sql`
      select c.slug, c.name, c.time_zone as "timeZone", c.weekdays, c.work_from as "workFrom", c.work_to as "workTo", c.is_default as "isDefault",
        (select count(*)::int from jsonb_array_elements(c.holidays) h where h ->> 'day' >= ${now.toISOString().slice(0, 10)}) as ahead,
        (select max(h ->> 'day') from jsonb_array_elements(c.holidays) h) as "knownUntil",
        coalesce((select json_agg(json_build_object('slug', u.slug, 'name', u.name) order by u.name)
          from business_unit u where u.calendar_id = c.id), '[]') as units
      from working_calendar c order by c.name limit 500`);
    return { items: rows };
  },
});

/** One calendar with all its days off. */
export const getCalendar = query({
  name: "calendar.read",
  title: "Read a working calendar",
  http: { method: "GET", path: "/calendars/{calendar}" },
  input: z.strictObject({ calendar: z.string().min(1).max(60) }),
  run: async (read, input, actor) => {
    insistOnReading(actor);
    const { createdAt: _, ...row } = await findCalendar(read, input.calendar);
    return row;
  },
});
