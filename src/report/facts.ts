import type { JsonValue } from "../model/finding.js";
import { bytes } from "./wording.js";

/** `expected` and `actual` of a finding, for people. */

/** A value of expected or actual as text; lists become JSON. */
export function valueWords(value: JsonValue): string {
  if (value === "") return "(empty)";
  if (value === null) return "unknown";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

type Facts = { readonly [key: string]: JsonValue };

/** Members of expected or actual as [words, value]; those of nested objects under both names: `evidence hash bits`. */
export function* flat(facts: Facts, prefix = ""): Iterable<readonly [key: string, value: JsonValue]> {
  for (const [name, value] of Object.entries(facts)) {
    const key = `${prefix}${spaced(name)}`;
    if (isFacts(value)) yield* flat(value, `${key} `);
    else yield [key, value];
  }
}

function isFacts(value: JsonValue): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a terminal line has no room for, or what the summary says already. */
const NOT_FOR_PEOPLE = /^(?:evidence |shows|etag$|sha256$|photo$|verdict$)/;

/** The gist of expected or actual in one line, without what both have in common, e.g. `1200×1200 px, master anna.jpg`. */
export function factsWords(facts: Facts, other: Facts): string {
  const { width, height } = facts as { readonly width?: JsonValue; readonly height?: JsonValue };
  const sized = typeof width === "number" && typeof height === "number";
  const parts = sized ? [`${width}×${height} px`] : [];
  const common = new Map(flat(other));
  for (const [key, value] of flat(facts)) {
    if (value === null || NOT_FOR_PEOPLE.test(key) || (sized && (key === "width" || key === "height"))) continue;
    if (common.get(key) === value) continue;
    parts.push(key === "bytes" && typeof value === "number" ? bytes(value) : `${key} ${valueWords(value)}`);
  }
  return parts.join(", ");
}

/** `pictureUrl` -> `picture url`. */
export function spaced(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}
