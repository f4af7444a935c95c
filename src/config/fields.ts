import { z } from "zod";
import { beginsAtHome } from "../model/shell.js";
import type { Secret } from "../model/secret.js";
import { secretOf } from "./secret-fields.js";

/*
 * Building blocks of the schemas. The message of every schema is the *expected* phrase ("a whole number of at least 1"); check.ts
 * adds what was found, the place and a near miss. The message for unknown keys is the JSON list of the known ones.
 */

/** A map with exactly these keys. A known key without a value (`caFile:`) counts as not written. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  const map = z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? JSON.stringify(known) : `a map with the keys ${known.join(", ")}`,
  });
  return z.preprocess((value) => withoutEmpty(value, known), map);
}

function withoutEmpty(value: unknown, known: readonly string[]): unknown {
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, content]) => content !== null || !known.includes(key)));
}

export function text(expected: string, form: RegExp = /\S/u) {
  return z.string({ error: expected }).regex(form, { error: expected });
}

/** A file or folder. Only a shell knows ~; taken as it stands it would be a folder of that name, and made. */
export function path(what: string) {
  const expected = `the path of ${what}`;
  return text(expected, /^[^\0]*[^\0\s][^\0]*$/).refine((value) => !beginsAtHome(value.trim()), {
    error: `${expected} without ~, which only a shell knows: a whole path, or \${HOME} in place of ~`,
  });
}

export function whole(minimum: number, maximum: number) {
  const expected =
    maximum >= Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`;
  return z.int({ error: expected }).min(minimum, { error: expected }).max(maximum, { error: expected });
}

export function percent() {
  const expected = "a number from 0 to 100";
  return z.number({ error: expected }).min(0, { error: expected }).max(100, { error: expected });
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

export function listOf<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected });
}

/** The text is kept out of every message and print. */
export function secretText(expected: string): z.ZodType<Secret, string> {
  return secretOf(z.string({ error: expected }).min(1, { error: expected }));
}

const UNITS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TEN_YEARS_MS = 3_660 * 86_400_000;

/** `90s`, `15m`, `72h`, `7d` -> milliseconds, or null for any other text or more than ten years. */
export function parseDuration(value: string): number | null {
  const match = /^(\d{1,9})([smhd])$/.exec(value);
  const ms = match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? NaN) : NaN;
  return ms <= TEN_YEARS_MS ? ms : null;
}

export function duration() {
  const expected = "a duration such as 90s, 15m, 72h or 7d";
  return z
    .string({ error: expected })
    .refine((value) => parseDuration(value) !== null, { error: expected })
    .transform((value) => parseDuration(value) ?? 0);
}

/** `https://host[:port]` and nothing more; gives the origin in its normal form. */
export function httpsOrigin() {
  const expected = "an origin such as https://graph.microsoft.com: https, no path, no query";
  return z
    .string({ error: expected })
    .refine((value) => parseOrigin(value) !== null, { error: expected })
    .transform((value) => parseOrigin(value) ?? "");
}

function parseOrigin(value: string): string | null {
  if (!/^https:\/\/[^/?#@\s\\]+\/?$/i.test(value)) return null;
  return URL.canParse(value) ? new URL(value).origin : null;
}

/** An http(s) address that may carry a key in its query, and so is a secret. */
export function webhookUrl(): z.ZodType<Secret, string> {
  const expected = "a web address that starts with https:// (or http:// in your own network)";
  return secretOf(
    z
      .string({ error: expected })
      .refine((value) => /^https?:\/\/\S+$/i.test(value) && URL.canParse(value), { error: expected }),
  );
}
