const dayMinutes = 1_440;

const names = {
  month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  day: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
} as const;
const presets: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@quarterly": "0 0 1 */3 *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/**
 * The longest time between two due times of a cron expression, in hours: 72 for weekdays at six, so that a weekend is not late. Five
 * fields as in Unix, or six and seven as Quartz has them (seconds first, Sunday is 1). Zones are left out of account: they move an
 * hour twice a year. Null for what cannot be told: not cron, or days counted from the end of the month.
 */
export function cronGapHours(expression: string): number | null {
  const text = expression.trim();
  const given = (presets[text.toLowerCase()] ?? text).split(/\s+/);
  const quartz = given.length === 6 || given.length === 7;
  if (!quartz && given.length !== 5) return null;
  const [minute = "", hour = "", date = "", month = "", day = ""] = quartz ? given.slice(1, 6) : given;
  const minutes = field(minute, 0, 59);
  const hours = field(hour, 0, 23);
  const dates = field(date, 1, 31);
  const months = field(month, 1, 12, names.month);
  const weekdays = quartz ? field(day, 1, 7, names.day, 1) : field(day, 0, 7, names.day);
  if (!minutes || !hours || !dates || !months || !weekdays) return null;
  const onDay = (weekday: number) =>
    quartz ? weekdays.has(weekday + 1) : weekdays.has(weekday) || (weekday === 0 && weekdays.has(7));
  // In Unix a day is due when either of the two fields says so, unless one of them is open.
  const either = !quartz && !open(date) && !open(day);
  const times = [...hours].flatMap((h) => [...minutes].map((m) => h * 60 + m)).sort((a, b) => a - b);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  let longest = Math.max(0, ...times.slice(1).map((at, i) => at - (times[i] ?? at)));
  let before: number | null = null;
  // Nine years hold two leap days.
  for (let n = 0; n < 9 * 366; n++) {
    const at = new Date(Date.UTC(2024, 0, 1 + n));
    if (!months.has(at.getUTCMonth() + 1)) continue;
    const byDate = dates.has(at.getUTCDate());
    const byDay = onDay(at.getUTCDay());
    if (either ? !byDate && !byDay : !byDate || !byDay) continue;
    if (before !== null) longest = Math.max(longest, (n - before) * dayMinutes - last + first);
    before = n;
  }
  return longest === 0 ? null : Math.round((longest / 60) * 1000) / 1000;
}

const open = (text: string): boolean => text === "*" || text === "?";

/** The values of one field; null when it is not understood. */
function field(
  text: string,
  least: number,
  most: number,
  words: readonly string[] = [],
  shift = least,
): Set<number> | null {
  const meant = (word: string): number => {
    const at = words.indexOf(word.toLowerCase());
    return at >= 0 ? at + (words === names.day ? shift : 1) : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const out = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\?|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, head = "", tail, stride] = match;
    const from = open(head) ? least : meant(head);
    const to = open(head) || (tail === undefined && stride !== undefined) ? most : meant(tail ?? head);
    const step = Number(stride ?? 1);
    if (!(from >= least && to <= most && from <= to && step >= 1)) return null;
    for (let value = from; value <= to; value += step) out.add(value);
  }
  return out;
}
