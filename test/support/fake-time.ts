import type { Clock } from "../../src/run/ports.js";
import type { Timers } from "../../src/schedule/ports.js";

/** A clock and timers that move only when told; between two timers every promise that can settle does. */
export class FakeTime implements Clock, Timers {
  #now: number;
  #next = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + ms, callback });
    return () => void this.#timers.delete(id);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  async advanceTo(end: string): Promise<void> {
    const until = Date.parse(end);
    for (;;) {
      await settle();
      let first: [number, { at: number; callback: () => void }] | null = null;
      for (const entry of this.#timers)
        if (entry[1].at <= until && (first === null || entry[1].at < first[1].at)) first = entry;
      if (first === null) break;
      this.#timers.delete(first[0]);
      this.#now = Math.max(this.#now, first[1].at);
      first[1].callback();
    }
    this.#now = until;
    await settle();
  }

  /** The machine was off: time passes and no timer of the old process fires. */
  outage(end: string): void {
    this.#timers.clear();
    this.#now = Date.parse(end);
  }

  /** Somebody sets the clock. */
  set(to: string): void {
    this.#now = Date.parse(to);
  }
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
