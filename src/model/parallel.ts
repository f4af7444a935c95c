/**
 * Works through a list with at most `limit` calls under way. Calls that are under way are awaited whatever becomes of the others, so
 * nothing goes on behind work that has ended; then the first failure in the order of the workers is thrown.
 */
export async function inParallel<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** The same work, begun before its answer is needed: a failure is told where the answer is awaited, or nowhere. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
