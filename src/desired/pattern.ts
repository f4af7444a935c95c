import { PATTERN_FIELDS, type PatternField } from "../model/config.js";
import { PhotodriftError } from "../model/errors.js";
import { withoutImageExtension } from "../model/image-name.js";
import type { DirectoryUser } from "../model/user.js";
import { foldName } from "./fold.js";

export type PatternPart =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "field"; readonly field: PatternField };

/** A file name pattern: text with fields, for the name without its extension. */
export interface Pattern {
  /** As written. */
  readonly text: string;
  readonly parts: readonly PatternPart[];
  /** Path segments the pattern covers: 1 for a file name, 2 for `{upn}/portrait`. */
  readonly depth: number;
  /** Least number of words in a name that the pattern can make. */
  readonly words: number;
  /** Made of first and last name alone, so that with a domain the file name makes a UPN. */
  readonly namesOnly: boolean;
}

/**
 * Parses a pattern such as `{first} {last}`. A trailing image extension is dropped, for a pattern fits every image format.
 * @throws PhotodriftError `bad-pattern` (usage): unknown field, brace without partner, no field at all
 */
export function parsePattern(text: string): Pattern {
  const bare = withoutImageExtension(text.trim()).replace(/\\/g, "/").replace(/\.\*$/, "").replace(/^\/+/, "");
  const parts: PatternPart[] = [];
  for (const token of bare.match(/\{[^{}]*\}|[^{}]+|[{}]/g) ?? []) {
    if (token === "{" || token === "}") throw badPattern(text, "it has a brace without its partner");
    parts.push(token.startsWith("{") ? fieldPart(text, token.slice(1, -1)) : { kind: "text", text: token });
  }
  const fields = parts.flatMap((part) => (part.kind === "field" ? [part.field] : []));
  if (fields.length === 0) throw badPattern(text, "it has no field, so it would fit one file only");
  const sample = parts.map((part) => (part.kind === "field" ? "x" : part.text)).join("");
  return {
    text,
    parts,
    depth: sample.split("/").length,
    words: foldName(sample).split(" ").length,
    namesOnly: fields.every((field) => ["first", "last", "f", "l"].includes(field)),
  };
}

/**
 * The names a user's file has under a pattern: none when the user lacks one of the attributes, several where a UPN may also be written
 * with `_` for `@` and `.`, as SharePoint and mail gateways spell it.
 * @param domain when set, `{user}` stands for UPNs of that domain alone: x@contoso.com is not x@contoso.com.au
 */
export function expandPattern(pattern: Pattern, user: DirectoryUser, domain: string | null): readonly string[] {
  let names = [""];
  for (const part of pattern.parts) {
    const values = part.kind === "text" ? [part.text] : fieldValues(part.field, user, domain);
    if (values.length === 0) return values;
    const [only] = values;
    names =
      values.length === 1
        ? names.map((name) => name + (only ?? ""))
        : names.flatMap((name) => values.map((value) => name + value));
  }
  return names;
}

/** The part of a UPN before the @. */
export function localPart(upn: string): string {
  const at = upn.lastIndexOf("@");
  return at < 0 ? upn : upn.slice(0, at);
}

/** True when the UPN belongs to exactly this domain, not to one that merely begins or ends like it. */
export function isInDomain(upn: string, domain: string): boolean {
  return upn.slice(upn.lastIndexOf("@") + 1).toLowerCase() === domain.replace(/^@/, "").toLowerCase();
}

function fieldValues(field: PatternField, user: DirectoryUser, domain: string | null): readonly string[] {
  switch (field) {
    case "upn":
      return [...present(user.upn), ...present(user.upn.replace(/[@.]/g, "_"))];
    case "user":
      return domain === null || isInDomain(user.upn, domain) ? present(localPart(user.upn)) : [];
    case "mail":
      return present(user.mail);
    case "id":
      return present(user.id);
    case "employeeId":
      return present(user.employeeId);
    case "first":
      return present(user.givenName);
    case "last":
      return present(user.surname);
    case "f":
      return initial(user.givenName);
    case "l":
      return initial(user.surname);
    case "displayName":
      return present(user.displayName);
    case "samAccountName":
      return present(user.samAccountName);
  }
}

/** A value of separators alone (a surname of ".") would make names that fit strangers. */
function present(value: string | null): readonly string[] {
  return value !== null && foldName(value) !== "" ? [value] : [];
}

/** First letter with its marks; the second letter of a name never counts. */
function initial(name: string | null): readonly string[] {
  const letter = /[\p{L}\p{N}]\p{M}*/u.exec(name?.normalize("NFC") ?? "")?.[0];
  return letter === undefined ? [] : [letter];
}

function fieldPart(pattern: string, field: string): PatternPart {
  const known = PATTERN_FIELDS.find((name) => name === field);
  if (known !== undefined) return { kind: "field", field: known };
  const meant = PATTERN_FIELDS.find((name) => name.toLowerCase() === field.toLowerCase());
  throw badPattern(pattern, `{${field}} is no field${meant === undefined ? "" : `; did you mean {${meant}}?`}`);
}

function badPattern(pattern: string, problem: string): PhotodriftError {
  const fields = PATTERN_FIELDS.map((field) => `{${field}}`).join(" ");
  return new PhotodriftError(
    "bad-pattern",
    `The file name pattern "${pattern}" cannot be used: ${problem}.`,
    `Correct source.patterns. Fields: ${fields}.`,
    "usage",
  );
}
