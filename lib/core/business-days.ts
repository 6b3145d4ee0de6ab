/** Dates as YYYY-MM-DD in UTC. Weekends do not count; `holidays` is a set of such dates. */
export type Day = string;

export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);

const isWorking = (day: Day, holidays: ReadonlySet<Day>): boolean => {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(day);
};

const next = (day: Day, step: 1 | -1): Day => dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + step * 86_400_000));

const none: ReadonlySet<Day> = new Set();

/** The day that lies `count` business days after `from`. */
export function addBusinessDays(from: Day, count: number, holidays: ReadonlySet<Day> = none): Day {
  let day = from;
  for (let left = count; left > 0; ) {
    day = next(day, 1);
    if (isWorking(day, holidays)) left--;
  }
  return day;
}

/** Business days from `from` to `to`; negative when `to` lies before `from`, 0 on the same day. */
export function businessDaysBetween(from: Day, to: Day, holidays: ReadonlySet<Day> = none): number {
  if (from === to) return 0;
  const step = from < to ? 1 : -1;
  let count = 0;
  for (let day = from; day !== to; ) {
    day = next(day, step);
    // Forward, the arrival day counts; backward, the day that was left behind does.
    if (isWorking(step === 1 ? day : next(day, 1), holidays)) count += step;
  }
  return count;
}
