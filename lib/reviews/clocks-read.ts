import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { type Calendar, minutesPerDay, workClock } from "@/lib/calendars/calendar";
import { type Clocks, clocks, type Span } from "./clocks";

export type ReviewClocks = Clocks & {
  /** Working minutes of one day of the review's calendar. */
  perDay: number;
};

type Row = { id: string; status: Span["status"]; from: string; to: string | null };

/**
 * The clocks of some reviews in working minutes of their calendars, from the history of their states: one statement, however many.
 * A review that was never submitted is left out.
 */
export async function clocksOf(
  read: Reader,
  of: readonly { id: string; submittedAt: Date | null; calendar: Calendar }[],
  now: Date,
): Promise<Map<string, ReviewClocks>> {
  const submitted = of.filter((r) => r.submittedAt !== null);
  if (submitted.length === 0) return new Map();
  const { rows } = await read.execute<Row>(sql`
    select row_id::text as id, state ->> 'status' as status, valid_from::text as from, valid_to::text as to from history
    where relation = 'review' and row_id = any(${`{${submitted.map((r) => r.id).join(",")}}`}::uuid[])
      and valid_from <= ${now.toISOString()}::timestamptz
    order by valid_from`);
  const measures = new Map<Calendar, ReturnType<typeof workClock>>();
  return new Map(
    submitted.map(({ id, calendar }) => {
      const measure = measures.get(calendar) ?? workClock(calendar);
      measures.set(calendar, measure);
      const spans = rows
        .filter((row) => row.id === id)
        .map(({ status, from, to }): Span => ({ status, from: new Date(from), to: to === null ? null : new Date(to) }));
      return [id, { ...clocks(spans, now, measure.minutes), perDay: minutesPerDay(calendar) }];
    }),
  );
}
