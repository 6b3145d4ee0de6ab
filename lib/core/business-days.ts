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

// Whole days since 1970-01-01, which was a Thursday. Lists ask for thousands of days at once, and a Date each is what costs.
const dayNumber = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const weekdayOf = (n: number): number => ((((n + 3) % 7) + 7) % 7) + 1;

export const isWorking = (day: Day, week: WorkWeek): boolean =>
  week.weekdays.has(weekdayOf(dayNumber(day))) && !week.holidays.has(day);

export const nextDay = (day: Day, step: 1 | -1 = 1): Day => dayOf(new Date((dayNumber(day) + step) * 86_400_000));

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

/** Business days from `from` to `to`; negative when `to` lies before `from`, 0 on the same day. The later of the two days counts. */
export function businessDaysBetween(from: Day, to: Day, week: WorkWeek = mondayToFriday): number {
  return from <= to ? workingAfter(from, to, week) : 0 - workingAfter(to, from, week);
}

/** Working days after `early` up to and with `late`: whole weeks, the days that are left over, without holidays that fall on one of them. */
function workingAfter(early: Day, late: Day, week: WorkWeek): number {
  const [first, last] = [dayNumber(early), dayNumber(late)];
  const weeks = Math.floor((last - first) / 7);
  let count = weeks * week.weekdays.size;
  for (let n = first + weeks * 7 + 1; n <= last; n++) if (week.weekdays.has(weekdayOf(n))) count++;
  for (const holiday of week.holidays)
    if (holiday > early && holiday <= late && week.weekdays.has(weekdayOf(dayNumber(holiday)))) count--;
  return count;
}
