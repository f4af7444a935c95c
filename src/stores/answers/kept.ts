import { type Described, readBody, type Reading } from "./described.js";

/** The reading of an answer, made where the door looks for flaws and kept for whoever asked. */
export interface KeptReading<T> {
  /** Reads a 2xx answer; null where it is as described. */
  readonly flaw: (response: { readonly body: Buffer }) => string | null;
  /** The last answer as read. */
  reading(): Reading<T>;
}

/** A large answer is parsed once: the door asks whether it is as described, the reader takes the values. */
export function keepReading<T>(described: Described<T>): KeptReading<T> {
  let last: Reading<T> = { kind: "not-read", because: "nothing was answered" };
  return {
    flaw({ body }) {
      last = readBody(described, body);
      return last.kind === "read" ? null : last.because;
    },
    reading: () => last,
  };
}
