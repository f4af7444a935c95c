import { PhotodriftError } from "../../model/errors.js";

/** Which whole numbers a flag takes. */
export interface WholeRange {
  /** Absent, as `to`: as far as a program can count. */
  readonly from?: number;
  readonly to?: number;
  /** A value to type, with more behind it where it needs a word. */
  readonly example: string;
}

/** A flag's number; undefined where it was not given. Throws PhotodriftError (usage) for any that is not in the range. */
export function wholeNumber<Value extends number | undefined>(
  flag: string,
  value: Value,
  { from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER, example }: WholeRange,
): Value {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return value;
  const least = from === Number.MIN_SAFE_INTEGER ? "" : ` from ${from}`;
  const most = to === Number.MAX_SAFE_INTEGER ? "" : ` to ${to}`;
  throw new PhotodriftError(
    "usage",
    `${flag} takes a whole number${least}${most}.`,
    `For example ${flag} ${example}`,
    "usage",
  );
}

/** A port of this machine to serve on. */
export function portNumber(value: number | undefined): number | undefined {
  return wholeNumber("--port", value, { from: 0, to: 65_535, example: "8080; 0 takes a free one." });
}
