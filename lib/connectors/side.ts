/** Runs `each` over the items, at most `width` at once; the first failure stops the rest. */
export async function side<T>(width: number, items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (!failed) {
      const item = items[next++];
      if (item === undefined) return;
      try {
        await each(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
