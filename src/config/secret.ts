import { inspect } from "node:util";
import type { Secret } from "../model/secret.js";

/** Holds a value that log lines, JSON, templates and the debugger print as `***`. */
class HiddenText implements Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}

export function makeSecret(value: string): Secret {
  return new HiddenText(value);
}
