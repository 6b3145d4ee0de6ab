/** How many a second in the long run, and how many at once after a pause. */
export type Share = { perSecond: number; burst: number };

/**
 * A token bucket per key, in this process. `clock` is in milliseconds and never goes back. A bucket that is full again is forgotten,
 * so that memory follows what was asked of late and not how many keys there are.
 */
export function tokenBuckets({ perSecond, burst }: Share, clock: () => number = () => performance.now()) {
  const buckets = new Map<string, { left: number; at: number }>();
  const perMs = perSecond / 1000;
  let sweptAt = clock();

  const sweep = (now: number) => {
    sweptAt = now;
    for (const [key, { left, at }] of buckets) if (left + (now - at) * perMs >= burst) buckets.delete(key);
  };

  return {
    /** Takes one of the key's share: 0, or after how many milliseconds there will be one again. */
    take(key: string): number {
      const now = clock();
      if (now - sweptAt > burst / perMs) sweep(now);
      const bucket = buckets.get(key);
      const left = bucket ? Math.min(burst, bucket.left + (now - bucket.at) * perMs) : burst;
      const wait = left >= 1 ? 0 : (1 - left) / perMs;
      buckets.set(key, { left: wait === 0 ? left - 1 : left, at: now });
      return wait;
    },
    /** Keys that are remembered. */
    size: () => buckets.size,
  };
}
