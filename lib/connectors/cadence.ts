/** The median time between instants (ms since 1970, newest first), in hours, and of how many it is told; null: there are too few. */
export function usualHours(newestFirst: readonly number[]): { hours: number; of: number } | null {
  const gaps = newestFirst
    .slice(1)
    .map((at, i) => (newestFirst[i] ?? at) - at)
    .sort((a, b) => a - b);
  const gap = gaps[Math.floor(gaps.length / 2)];
  return gap !== undefined && gap > 0 ? { hours: Number((gap / 3_600_000).toPrecision(3)), of: gaps.length } : null;
}
