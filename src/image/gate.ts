/** Runs at most `limit` tasks at a time, in order of arrival; an exclusive task runs alone. Bounds the memory of decodes. */
export interface Gate {
  run<T>(exclusive: boolean, task: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly exclusive: boolean;
  readonly start: () => void;
}

export function createGate(limit: number): Gate {
  const queue: Waiting[] = [];
  let running = 0;
  let alone = false;

  function startNext(): void {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if (alone || running >= limit || (next.exclusive && running > 0)) return;
      queue.shift();
      running++;
      alone = next.exclusive;
      next.start();
    }
  }

  async function run<T>(exclusive: boolean, task: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      queue.push({ exclusive, start });
      startNext();
    });
    try {
      return await task();
    } finally {
      running--;
      if (exclusive) alone = false;
      startNext();
    }
  }

  return { run };
}
