/**
 * Least recently used values up to a budget of bytes. Values are promises, so two requests for the same picture make it once; a failed
 * one is forgotten.
 */
export class ImageCache<T> {
  readonly #entries = new Map<string, { readonly value: Promise<T>; bytes: number }>();
  readonly #budget: number;
  readonly #sizeOf: (value: T) => number;
  #held = 0;

  constructor(budget: number, sizeOf: (value: T) => number) {
    this.#budget = budget;
    this.#sizeOf = sizeOf;
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: make(), bytes: 0 };
    this.#entries.set(key, entry);
    entry.value.then(
      (value) => {
        if (this.#entries.get(key) !== entry) return;
        entry.bytes = this.#sizeOf(value);
        this.#held += entry.bytes;
        this.#trim();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.value;
  }

  #trim(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#held <= this.#budget) return;
      if (entry.bytes === 0) continue;
      this.#entries.delete(key);
      this.#held -= entry.bytes;
    }
  }
}
