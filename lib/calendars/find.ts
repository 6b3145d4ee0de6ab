import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { workingCalendars } from "@/db/schema/calendars";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { type Calendar, plainCalendar } from "./calendar";

type Row = typeof workingCalendars.$inferSelect;

/** The calendar that an id or slug means; refuses with not_found. */
export async function findCalendar(read: Pick<Reader, "select">, idOrSlug: string): Promise<Row> {
  const [row] = await read
    .select()
    .from(workingCalendars)
    .where(isUuid(idOrSlug) ? eq(workingCalendars.id, idOrSlug) : eq(workingCalendars.slug, idOrSlug));
  if (!row)
    throw new Refusal("not_found", `There is no calendar "${idOrSlug}". GET /api/v1/calendars lists them.`, [
      { field: "calendar", message: "No such calendar." },
    ]);
  return row;
}

const asCalendar = (row: Row): Calendar => ({
  slug: row.slug,
  name: row.name,
  timeZone: row.timeZone,
  weekdays: new Set(row.weekdays),
  holidays: new Set(row.holidays.map((h) => h.day)),
  workFrom: row.workFrom,
  workTo: row.workTo,
});

/**
 * The calendar of a unit: its own, else that of the nearest unit above, else the default one, else the plain one, whose id
 * is null.
 */
export async function calendarOfUnit(
  read: Reader,
  unitId: string | null,
): Promise<{ id: string | null; calendar: Calendar }> {
  const [row] = await read
    .select()
    .from(workingCalendars)
    .where(
      sql`${workingCalendars.id} = coalesce((
        with recursive up (calendar_id, parent_id, step) as (
          select calendar_id, parent_id, 0 from business_unit where id = ${unitId}::uuid
          union all select b.calendar_id, b.parent_id, up.step + 1 from business_unit b join up on b.id = up.parent_id
        ) select calendar_id from up where calendar_id is not null order by step limit 1),
        (select d.id from working_calendar d where d.is_default))`,
    );
  return row ? { id: row.id, calendar: asCalendar(row) } : { id: null, calendar: plainCalendar };
}

/** All calendars by id, for lists that count in several; null asks for the plain one. */
export async function allCalendars(read: Reader): Promise<(id: string | null) => Calendar> {
  const rows = await read.select().from(workingCalendars);
  const known = new Map(rows.map((row) => [row.id, asCalendar(row)]));
  return (id) => (id === null ? undefined : known.get(id)) ?? plainCalendar;
}
