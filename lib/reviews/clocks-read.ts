import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { type Calendar, minutesPerDay, workClock } from "@/lib/calendars/calendar";
import { type Clocks, clocks } from "./clocks";
import { spansIn, statesOf, type Told } from "./spans";

export type ReviewClocks = Clocks & {
  /** Working minutes of one day of the review's calendar. */
  perDay: number;
};

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
  const { rows } = await read.execute<{ row_id: string; spans: Told }>(
    statesOf(sql`select unnest(${`{${submitted.map((r) => r.id).join(",")}}`}::uuid[])`, now),
  );
  const stood = new Map(rows.map((row) => [row.row_id, spansIn(row.spans)]));
  const measures = new Map<Calendar, ReturnType<typeof workClock>>();
  return new Map(
    submitted.map(({ id, calendar }) => {
      const measure = measures.get(calendar) ?? workClock(calendar);
      measures.set(calendar, measure);
      return [id, { ...clocks(stood.get(id) ?? [], now, measure.minutes), perDay: minutesPerDay(calendar) }];
    }),
  );
}
