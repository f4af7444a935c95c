import { PATTERN_FIELDS } from "../model/config.js";
import { nearMiss } from "../model/near-miss.js";
import { didYouMean } from "./problems.js";

/** What is wrong with a file name pattern, or null. */
export function patternProblem(pattern: string): string | null {
  const fields = [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
  const rest = pattern.replace(/\{[^{}]*\}/g, "");
  const known = PATTERN_FIELDS.map((field) => `{${field}}`).join(" ");
  for (const field of fields) {
    if ((PATTERN_FIELDS as readonly string[]).includes(field)) continue;
    const meant = nearMiss(field, PATTERN_FIELDS);
    return `unknown field {${field}}, expected one of ${known}${didYouMean(meant === null ? null : `{${meant}}`)}`;
  }
  if (/[{}]/.test(rest)) return "a brace without its partner, expected fields such as {upn} between two braces";
  if (fields.length === 0)
    return `no field in braces, so it would fit one file only, expected at least one of ${known}`;
  return null;
}
