import type { Day } from "@/lib/core/business-days";
import type { QueueItem } from "@/lib/queue/queue";

/** Days before a due day on which is reminded; -1: the first look after it. What runs out takes longer to replace. */
const usualDays = [3, 0, -1] as const;
const runOutDays = [30, 14, 3, -1] as const;

export type Reminder = {
  /** One reminder for each thing, due day and threshold; who it reminds, it reminds once. */
  key: string;
  thing: string;
  what: string;
  ask: string;
  href: string;
  thread: string;
  dueOn: Day;
};

const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const inWords = (left: number): string =>
  left < 0
    ? "is past its day"
    : left === 0
      ? "is due today"
      : left === 1
        ? "is due tomorrow"
        : `is due in ${left} days`;

/**
 * What to remind of an item that waits on someone; null while its day is far. A sweep that did not run for days reminds by the nearest
 * threshold, and not by those that it missed. Campaigns remind by themselves, on the days that were set for each.
 */
export function reminderOf(item: QueueItem, today: Day): Reminder | null {
  if (item.due === null || item.href.startsWith("/campaigns/")) return null;
  const left = daysBetween(today, item.due);
  const days: readonly number[] = item.promise === "runs out" ? runOutDays : usualDays;
  const threshold = days.filter((d) => d >= left).at(-1) ?? (left < 0 ? -1 : null);
  if (threshold === null) return null;
  const what = item.ref || item.model || item.title;
  return {
    key: `${item.ref} ${item.href} ${item.due} ${threshold}`.slice(0, 800),
    thing: [item.ref, item.model].filter(Boolean).join(", ").slice(0, 200) || item.title.slice(0, 200),
    what: `${what} ${inWords(left)}: ${item.title}`.slice(0, 500),
    ask: `${item.action}.`,
    href: item.href,
    thread: `due:${item.ref || item.href}`.slice(0, 200),
    dueOn: item.due,
  };
}
