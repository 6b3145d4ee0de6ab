/** Someone on call at a level; null: since ever, or for good. Milliseconds. */
export type Shift = { level: number; start: number | null; end: number | null };

/** A handover may leave this much open. */
const seamMs = 60_000;

/** For how many days from `now` on somebody is on call at the first level without a gap, up to `until`. */
export function coveredDays(shifts: readonly Shift[], now: number, until: number): number {
  const first = shifts
    .filter((s) => s.level === 1)
    .map((s) => ({ start: s.start ?? Number.NEGATIVE_INFINITY, end: s.end ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.start - b.start);
  let covered = now;
  for (const { start, end } of first) {
    if (start > covered + seamMs) break;
    covered = Math.max(covered, end);
  }
  return Math.round((Math.min(covered, until) - now) / 86_400_0) / 100;
}
