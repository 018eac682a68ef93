/**
 * Lets those who want the same look share one: whoever asks has an answer that was looked for after he asked, so that he
 * may hold a lock first. However many ask at once, two looks do: the one that is under way, and the next.
 */
export function sharedLook<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    if (next) return next;
    const asked = running.then(() => {
      next = null;
      return look();
    });
    next = asked;
    running = asked.catch(() => {});
    return asked;
  };
}

/** Calls `work` for each, `most` at a time; gives what it gave, in order. */
export async function eachOf<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const found: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) found[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return found;
}
