export type Show = "date" | "day" | "time" | "datetime" | "relative";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type Parts = { year: number; month: number; day: number; weekday: number; time: string };

// Making a formatter costs a hundred times what using it does, and a list has hundreds of dates. Zones are a reader's and UTC.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, made);
  return made;
}

function partsIn(at: Date, zone: string): Parts {
  const found: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(at)) found[part.type] = part.value;
  const year = Number(found.year);
  const month = Number(found.month) - 1;
  const day = Number(found.day);
  const weekday = new Date(Date.UTC(year, month, day)).getUTCDay();
  return { year, month, day, weekday, time: `${found.hour}:${found.minute}` };
}

/**
 * An instant in words. date: `24 Nov`; day: `Tue 24 Nov`; time: `14:02`; datetime: `24 Nov 14:02`; relative: `4 min ago`, and
 * a date once it is over a week away. The year stands there when it is not this one. Hours run to 24.
 */
export function sayWhen(iso: string, { show, zone, now }: { show: Show; zone: string; now: Date }): string {
  const bare = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  const at = new Date(bare ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(at.getTime())) return "unknown";
  const p = partsIn(at, bare ? "UTC" : zone);
  const thisYear = partsIn(now, zone).year;
  const date = `${p.day} ${months[p.month]}${p.year === thisYear ? "" : ` ${p.year}`}`;
  if (show === "relative" && !bare) {
    const said = sayAgo(now.getTime() - at.getTime());
    if (said) return said;
  }
  if (show === "time") return p.time;
  if (show === "day") return `${days[p.weekday]} ${date}`;
  if (show === "datetime" && !bare) return `${date} ${p.time}`;
  return date;
}

function sayAgo(ms: number): string | null {
  const ahead = ms < -30_000;
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const say = (text: string) => (ahead ? `in ${text}` : `${text} ago`);
  if (minutes < 1) return "just now";
  if (minutes < 60) return say(`${minutes} min`);
  if (minutes < 48 * 60) return say(`${Math.round(minutes / 60)} h`);
  if (minutes < 8 * 24 * 60) return say(`${Math.round(minutes / 1440)} days`);
  return null;
}
