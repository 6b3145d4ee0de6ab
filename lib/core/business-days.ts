/** Dates as YYYY-MM-DD; `dayOf` reads them in UTC, a calendar in its own zone (lib/calendars/calendar.ts). */
export type Day = string;

export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);

/** Which days work is done on. */
export type WorkWeek = {
  /** ISO weekdays, 1 for Monday to 7 for Sunday. */
  weekdays: ReadonlySet<number>;
  holidays: ReadonlySet<Day>;
};

export const mondayToFriday: WorkWeek = { weekdays: new Set([1, 2, 3, 4, 5]), holidays: new Set() };

export const isWorking = (day: Day, week: WorkWeek): boolean =>
  week.weekdays.has(new Date(`${day}T00:00:00Z`).getUTCDay() || 7) && !week.holidays.has(day);

export const nextDay = (day: Day, step: 1 | -1 = 1): Day =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + step * 86_400_000));

/** The day that lies `count` business days after `from`. */
export function addBusinessDays(from: Day, count: number, week: WorkWeek = mondayToFriday): Day {
  let day = from;
  for (let left = count; left > 0; ) {
    day = nextDay(day);
    if (isWorking(day, week)) left--;
  }
  return day;
}

/** The business day that lies `count` business days before `day`; `day` itself for none. */
export function businessDaysBefore(day: Day, count: number, week: WorkWeek = mondayToFriday): Day {
  let found = day;
  for (let left = count; left > 0; ) {
    found = nextDay(found, -1);
    if (isWorking(found, week)) left--;
  }
  return found;
}

/** Business days from `from` to `to`; negative when `to` lies before `from`, 0 on the same day. */
export function businessDaysBetween(from: Day, to: Day, week: WorkWeek = mondayToFriday): number {
  if (from === to) return 0;
  const step = from < to ? 1 : -1;
  let count = 0;
  for (let day = from; day !== to; ) {
    day = nextDay(day, step);
    // Forward, the arrival day counts; backward, the day that was left behind does.
    if (isWorking(step === 1 ? day : nextDay(day), week)) count += step;
  }
  return count;
}
