/**
 * Maps a stream with up to `concurrency` calls under way, giving the results in the order of the input. Memory holds `concurrency` results.
 * The first failure ends the stream; calls already under way are awaited.
 */
export async function* mapOrdered<In, Out>(
  input: Iterable<In> | AsyncIterable<In>,
  concurrency: number,
  work: (value: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  try {
    for await (const value of input) {
      running.push(work(value));
      if (running.length >= concurrency) yield await (running.shift() as Promise<Out>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<Out>);
  } finally {
    await Promise.allSettled(running);
  }
}

/** Cuts a stream into lists of at most `size`. */
export function* inChunks<T>(input: Iterable<T>, size: number): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const value of input) {
    chunk.push(value);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
