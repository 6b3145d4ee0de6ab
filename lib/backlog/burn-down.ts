import { endOfQuarter, type Quarter, quarterOf, quartersFrom } from "./quarter";

/** What was opened when with how many points, and when it was closed. */
type Item = { points: number; openedAt: Date; closedAt: Date | null };

/** Points that remain at the end of a quarter (of the present one: now), by the quarter in which they were opened. */
export type BurnDown = {
  cohorts: Quarter[];
  quarters: { quarter: Quarter; remaining: Readonly<Record<Quarter, number>>; total: number }[];
};

/** Quarters before the last so many are counted as one cohort each all the same; only the axis is cut. */
export function burnDown(items: readonly Item[], now: Date, most = 8): BurnDown {
  const cohorts = [...new Set(items.map((i) => quarterOf(i.openedAt)))].sort();
  const [first] = cohorts;
  if (!first) return { cohorts, quarters: [] };
  const quarters = quartersFrom(first, quarterOf(now), most).map((quarter) => {
    const end = endOfQuarter(quarter);
    const at = end > now ? now : end;
    const standing = items.filter(
      (i) => i.openedAt <= at && i.openedAt < end && (!i.closedAt || i.closedAt > at || i.closedAt >= end),
    );
    const remaining = Object.fromEntries(
      cohorts.map((c) => [c, sum(standing.filter((i) => quarterOf(i.openedAt) === c))]),
    );
    return { quarter, remaining, total: sum(standing) };
  });
  return { cohorts, quarters };
}

const sum = (items: readonly Item[]): number => items.reduce((n, i) => n + i.points, 0);
