import { z } from "zod";
import { type Day, isWorking, mondayToFriday, nextDay, type WorkWeek } from "@/lib/core/business-days";
import { day as dayGiven } from "@/lib/core/when";
import { localOf, TimeZone } from "@/lib/core/zone";
import { instantOf } from "@/lib/core/zone-instant";
import { slug } from "@/lib/units/unit";

/** A day off, for everyone who works by the calendar. */
export type Holiday = { day: Day; name: string };

/** When work is done in a region: days, hours and zone. Promises and clocks of the board are counted in it. */
export type Calendar = WorkWeek & {
  slug: string;
  name: string;
  /** IANA name, such as Europe/Berlin. */
  timeZone: string;
  /** Local time as HH:MM. */
  workFrom: string;
  workTo: string;
};

/** What counts where no calendar was chosen. It knows no holidays, and says so by its name. */
export const plainCalendar: Calendar = {
  ...mondayToFriday,
  slug: "plain",
  name: "Monday to Friday, 9 to 17 UTC, no holidays",
  timeZone: "UTC",
  workFrom: "09:00",
  workTo: "17:00",
};

/** The local day at an instant. */
export const localDay = (calendar: Pick<Calendar, "timeZone">, at: Date): Day => localOf(at, calendar.timeZone).day;

export const startOfWork = (c: Calendar, day: Day): Date => instantOf(day, c.workFrom, c.timeZone);
export const endOfWork = (c: Calendar, day: Day): Date => instantOf(day, c.workTo, c.timeZone);

/** Hours from `workFrom` to `workTo`, in minutes: what one business day is worth. */
export function minutesPerDay(calendar: Calendar): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return minutes(calendar.workTo) - minutes(calendar.workFrom);
}

/** The work of one local year, in milliseconds: when each working day begins and ends, and how much was worked before it. */
type WorkYear = { start: number; from: number[]; to: number[]; before: number[]; total: number };

// A year of a zone is some 260 questions to the calendar of the world, so it is kept for all who ask; a calendar that is changed is another.
const known = new Map<string, Map<number, WorkYear>>();
const mostKnown = 100;

function yearsOf(c: Calendar): Map<number, WorkYear> {
  const key = [c.timeZone, c.workFrom, c.workTo, ...[...c.weekdays].sort(), ...[...c.holidays].sort()].join(" ");
  const years = known.get(key) ?? new Map<number, WorkYear>();
  if (!known.has(key) && known.size >= mostKnown) known.clear();
  known.set(key, years);
  return years;
}

function workYear(c: Calendar, y: number): WorkYear {
  const year: WorkYear = {
    start: instantOf(`${y}-01-01`, "00:00", c.timeZone).getTime(),
    from: [],
    to: [],
    before: [],
    total: 0,
  };
  for (let day = `${y}-01-01`; day < `${y + 1}-01-01`; day = nextDay(day)) {
    if (!isWorking(day, c)) continue;
    const [from, to] = [startOfWork(c, day).getTime(), endOfWork(c, day).getTime()];
    year.from.push(from);
    year.to.push(to);
    year.before.push(year.total);
    year.total += to - from;
  }
  return year;
}

/** Counts working time in one calendar. */
export function workClock(calendar: Calendar): { minutes: (from: Date, to: Date) => number } {
  const years = yearsOf(calendar);
  const year = (y: number): WorkYear => {
    const made = years.get(y) ?? workYear(calendar, y);
    years.set(y, made);
    return made;
  };
  /** The local year of an instant: a guess by the mean length of a year, which is a year off at most. */
  const yearOf = (t: number): number => {
    const guess = 1970 + Math.floor(t / 31_556_952_000);
    return t < year(guess).start ? guess - 1 : t >= year(guess + 1).start ? guess + 1 : guess;
  };
  /** Working milliseconds of a year before `t`, which lies in it. */
  const before = (t: number, { from, to, before, total }: WorkYear): number => {
    let [low, high] = [0, from.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((from[middle] ?? t) < t) low = middle + 1;
      else high = middle;
    }
    const last = low - 1;
    if (last < 0) return 0;
    return t >= (to[last] ?? t) ? (before[low] ?? total) : (before[last] ?? 0) + t - (from[last] ?? t);
  };
  return {
    /** Working minutes from `from` to `to`; 0 when `to` is not after `from`. Whole and part years add up exactly. */
    minutes(from, to) {
      const [a, b] = [from.getTime(), to.getTime()];
      if (b <= a) return 0;
      const [first, last] = [yearOf(a), yearOf(b)];
      let sum = before(b, year(last)) - before(a, year(first));
      for (let y = first; y < last; y++) sum += year(y).total;
      return sum / 60_000;
    },
  };
}

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Use hours and minutes, like 09:00.");
const Weekdays = z
  .array(z.number().int().min(1).max(7))
  .min(1, "Choose at least one working day.")
  .max(7)
  .refine((days) => new Set(days).size === days.length, "Name each day once.");

/** "2026-12-25 Christmas Day". */
export const HolidayLine = z
  .string()
  .trim()
  .max(140, "Use at most 140 characters a line.")
  .regex(/^\d{4}-\d{2}-\d{2}\s+\S/, "Write the day and its name, like 2026-12-25 Christmas Day.")
  .refine((line) => dayGiven().safeParse(line.slice(0, 10)).success, "There is no such day.")
  .transform((line): Holiday => ({ day: line.slice(0, 10), name: line.slice(10).trim() }));

const calendarFields = {
  name: z.string().trim().min(1, "Name the calendar.").max(120, "Use at most 120 characters."),
  timeZone: TimeZone,
  weekdays: Weekdays.describe("Working days, 1 for Monday to 7 for Sunday"),
  workFrom: Time.describe("Local time at which work begins"),
  workTo: Time.describe("Local time at which work ends"),
  isDefault: z.boolean().default(false).describe("For units that have none, nor one above them"),
};

export const endsAfterStart = (c: { workFrom: string; workTo: string }): boolean => c.workFrom < c.workTo;
const endsTooEarly = { path: ["workTo"], message: "Work ends after it begins." };

const key = z.string().min(1, "Name the calendar.").max(60);
const holidays = z.array(HolidayLine).max(400, "Use at most 400 days at a time.");

export const CreateCalendar = z
  .strictObject({ slug, ...calendarFields, holidays: holidays.default([]) })
  .refine(endsAfterStart, endsTooEarly);
export const ChangeCalendar = z.strictObject({
  calendar: key,
  name: calendarFields.name.optional(),
  timeZone: TimeZone.optional(),
  weekdays: Weekdays.optional(),
  workFrom: Time.optional(),
  workTo: Time.optional(),
  isDefault: z.boolean().optional(),
});
export const AddHolidays = z.strictObject({
  calendar: key,
  holidays: holidays
    .min(1, "Write at least one day with its name.")
    .describe('One "2026-12-25 Christmas Day" each; a day that is there already takes the new name'),
});
export const RemoveHoliday = z.strictObject({ calendar: key, day: dayGiven() });
export const ChooseCalendar = z.strictObject({
  unit: z.string().min(1, "Choose a business unit.").max(60),
  calendar: z.string().max(60).nullable().describe("Null: the calendar of the nearest unit above that has one"),
});
