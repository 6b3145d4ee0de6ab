import { type Day, dayOf } from "@/lib/core/business-days";
import { localOf } from "@/lib/core/zone";

export const seriesRules = ["weekly", "fortnightly", "monthly"] as const;
export type SeriesRule = (typeof seriesRules)[number];

export const seriesRuleName: Record<SeriesRule, string> = {
  weekly: "Every week",
  fortnightly: "Every two weeks",
  monthly: "Every month, on the same weekday",
};

const dayMs = 86_400_000;
const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const plus = (day: Day, days: number): Day => dayOf(new Date(at(day) + days * dayMs));

/** The days of a series from `from` to `until`, both inclusive. Calendar days: no clock or zone comes into it. */
export function slotsOf(rule: SeriesRule, startsOn: Day, from: Day, until: Day): Day[] {
  const out: Day[] = [];
  if (rule === "monthly") {
    const first = new Date(at(startsOn));
    for (let month = 0; ; month++) {
      const day = sameWeekday(first, month);
      if (day > until) return out;
      if (day >= from && day >= startsOn) out.push(day);
    }
  }
  const step = rule === "weekly" ? 7 : 14;
  const skipped = Math.max(0, Math.ceil((at(from) - at(startsOn)) / dayMs / step));
  for (let day = plus(startsOn, skipped * step); day <= until; day = plus(day, step)) out.push(day);
  return out;
}

/** The day so many months after the first that has its weekday and its place in the month; the fifth becomes the last. */
function sameWeekday(first: Date, months: number): Day {
  const nth = Math.ceil(first.getUTCDate() / 7);
  const start = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months, 1));
  const lead = (first.getUTCDay() - start.getUTCDay() + 7) % 7;
  const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  const date = 1 + lead + (nth - 1) * 7;
  return dayOf(new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), date > last ? date - 7 : date)));
}

/** Whether what is put on an agenda now comes after the day by which its papers are read. */
export const isLate = (now: Date, zone: string, preReadOn: Day): boolean => localOf(now, zone).day > preReadOn;
