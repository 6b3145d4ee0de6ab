/**
 * Lets at most so many calls begin in a second, evenly spaced. Databricks answers 429 from about 15 a second for one account; other
 * readers share that budget.
 */
export function pace(perSecond: number): () => Promise<void> {
  const gap = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + gap;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}
