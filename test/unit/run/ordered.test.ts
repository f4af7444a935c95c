import { describe, expect, it } from "vitest";
import { createFrontier, mapOrdered, packed } from "../../../src/run/ordered.js";
import { inChunks } from "../../../src/model/chunks.js";

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of stream) all.push(value);
  return all;
}

const pause = () => new Promise<void>((done) => setImmediate(done));

async function* slowly<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) {
    await pause();
    yield value;
  }
}

describe("mapOrdered", () => {
  it("gives results in the order of the input with at most `concurrency` under way", async () => {
    let running = 0;
    let most = 0;
    const results = await collect(
      mapOrdered([5, 1, 4, 2, 3], 3, async (turns) => {
        most = Math.max(most, ++running);
        for (let i = 0; i < turns; i++) await pause();
        running--;
        return turns;
      }),
    );
    expect(results).toEqual([5, 1, 4, 2, 3]);
    expect(most).toBe(3);
  });

  it("lets others have their turn although the work waits for nothing", async () => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await collect(mapOrdered(Array.from({ length: 1_000 }).keys(), 4, (value) => Promise.resolve(value)));
    over = true;
    expect(turns).toBeGreaterThan(10);
  });

  it("ends with the first failure, after what was under way", async () => {
    const ended: number[] = [];
    const stream = mapOrdered([1, 2, 3, 4, 5], 3, async (value) => {
      if (value === 1) throw new Error("first");
      await pause();
      ended.push(value);
      return value;
    });
    await expect(collect(stream)).rejects.toThrow("first");
    expect(ended).toEqual([2, 3]);
  });

  it("a failure while the input is still awaited reaches the reader and nobody else", async () => {
    const stray: unknown[] = [];
    const note = (reason: unknown): void => void stray.push(reason);
    process.on("unhandledRejection", note);
    const stream = mapOrdered(slowly([1, 2, 3, 4]), 3, async () => {
      throw new Error("early");
    });
    await expect(collect(stream)).rejects.toThrow("early");
    await pause();
    process.off("unhandledRejection", note);
    expect(stray).toEqual([]);
  });

  it("a failing input ends it, and a reader that leaves closes the input", async () => {
    const failing = async function* () {
      yield 1;
      throw new Error("input");
    };
    await expect(collect(mapOrdered(failing(), 2, async (value) => value))).rejects.toThrow("input");
    let closed = false;
    const input = function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    };
    for await (const value of mapOrdered(input(), 2, async (each) => each)) if (value === 3) break;
    expect(closed).toBe(true);
  });
});

describe("lists of a stream", () => {
  it("inChunks cuts, packed joins", async () => {
    expect([...inChunks([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...inChunks([], 2)]).toEqual([]);
    expect(await collect(packed(slowly([[1], [], [2, 3, 4, 5, 6], [7]]), 3))).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(await collect(packed(slowly([[], []]), 3))).toEqual([]);
  });
});

describe("a frontier", () => {
  it("lets those pass whose place is done, and all of them at the end", async () => {
    const frontier = createFrontier();
    const passed: number[] = [];
    const waits = [3, 0, 7].map((place) => frontier.passed(place).then(() => void passed.push(place)));
    frontier.reach(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(passed).toEqual([0]);
    frontier.reach(5);
    frontier.reach(2);
    await frontier.passed(5);
    await waits[0];
    expect(passed).toEqual([0, 3]);
    frontier.end();
    await Promise.all(waits);
    expect(passed).toEqual([0, 3, 7]);
  });

  it("gives the failure to whoever waits and whoever comes later, the places that are done included", async () => {
    const frontier = createFrontier();
    frontier.reach(1);
    const waiting = frontier.passed(9);
    frontier.fail(new Error("down"));
    await expect(waiting).rejects.toThrow("down");
    await expect(frontier.passed(0)).rejects.toThrow("down");
  });
});
