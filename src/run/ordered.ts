import { begun } from "../model/parallel.js";
import { othersTurn } from "../model/turns.js";

/** Results after which others have their turn, whether or not the work waits for anything. */
const TURN = 32;

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
    for await (const value of takingTurns(input)) {
      // It may fail while the input is still being waited for; the failure is told when its turn comes.
      running.push(begun(work(value)));
      if (running.length >= concurrency) yield await (running.shift() as Promise<Out>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<Out>);
  } finally {
    await Promise.allSettled(running);
  }
}

/** The same values for a loop that awaits nothing else: others have their turn every few of them. */
export async function* takingTurns<T>(values: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  let given = 0;
  for await (const value of values) {
    if (++given % TURN === 0) await othersTurn();
    yield value;
  }
}

/** Joins short lists of a stream to lists of exactly `size`, the last one shorter: requests of fixed capacity leave full. */
export async function* packed<T>(input: AsyncIterable<readonly T[]>, size: number): AsyncGenerator<readonly T[]> {
  let waiting: T[] = [];
  for await (const list of input) {
    waiting.push(...list);
    while (waiting.length >= size) {
      yield waiting.slice(0, size);
      waiting = waiting.slice(size);
    }
  }
  if (waiting.length > 0) yield waiting;
}

/**
 * Works that need nothing of each other, all under way at once; each is awaited to its end, whatever becomes of the others, so nothing goes on
 * behind a run that has ended. Throws the first failure in the order of the list, not of time.
 */
export async function sideBySide<const Works extends readonly (() => Promise<unknown>)[]>(
  ...works: Works
): Promise<{ readonly [At in keyof Works]: Awaited<ReturnType<Works[At]>> }> {
  const ends = await Promise.allSettled(works.map((work) => work()));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return ends.map((end) => (end.status === "fulfilled" ? end.value : undefined)) as {
    readonly [At in keyof Works]: Awaited<ReturnType<Works[At]>>;
  };
}

/** How far one stage has come with an ordered list that another stage works on behind it. */
export interface Frontier {
  /** Everything up to this place, itself included, is done. */
  reach(place: number): void;
  /** There is no more to wait for. */
  end(): void;
  /** Whoever waits, or comes later, gets this error. */
  fail(error: unknown): void;
  /** Resolves when the place is done. */
  passed(place: number): Promise<void>;
}

export function createFrontier(): Frontier {
  let reached = -1;
  let failure: { readonly error: unknown } | null = null;
  let waiting: { readonly place: number; readonly go: () => void }[] = [];
  const look = (): void => {
    const due = waiting.filter(({ place }) => failure !== null || place <= reached);
    if (due.length === 0) return;
    waiting = waiting.filter(({ place }) => failure === null && place > reached);
    for (const { go } of due) go();
  };
  return {
    reach(place) {
      reached = Math.max(reached, place);
      look();
    },
    end() {
      reached = Number.POSITIVE_INFINITY;
      look();
    },
    fail(error) {
      failure = { error };
      look();
    },
    async passed(place) {
      if (failure === null && place > reached) await new Promise<void>((go) => waiting.push({ place, go }));
      if (failure !== null) throw failure.error;
    },
  };
}
