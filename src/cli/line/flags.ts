/** A flag by its long name, with the value that was typed for it, or `true` or `false`. */
export interface TypedFlag {
  readonly name: string;
  readonly value: string;
}

/** A command line with every spelling of a flag taken apart: `-qf json`, `--format=json`, `-fjson` are one and the same from here on. */
export interface TypedLine {
  readonly words: readonly string[];
  readonly flags: readonly TypedFlag[];
}

/** A flag as it is declared. */
export interface KnownFlag {
  /** The long name. */
  readonly name: string;
  /** A switch is on or off, a value is given once, a list as often as wanted. */
  readonly kind: "switch" | "value" | "list";
  /** A switch that is on unless told otherwise: `--no-color`. */
  readonly isOn: boolean;
  /** Meant to stand as a word, and taken as a flag as well. */
  readonly isPositional: boolean;
}

/** Flags by their long names and letters. */
export type KnownFlags = ReadonlyMap<string, KnownFlag>;
