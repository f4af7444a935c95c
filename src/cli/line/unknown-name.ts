import { nearMiss } from "../../model/near-miss.js";
import { REPORT_FORMATS } from "../../model/formats.js";
import { PhotodriftError } from "../../model/errors.js";

/** The error for a name out of a fixed list: the nearest one, or all of them. */
export function unknownName(what: string, given: string, known: readonly string[]): PhotodriftError {
  const near = nearMiss(given, known);
  const all = known.length === 0 ? "There are none." : `Known are ${known.join(", ")}.`;
  return new PhotodriftError(
    "usage",
    `There is no ${what} "${given}".`,
    near === null ? all : `Did you mean "${near}"?`,
    "usage",
  );
}

/** The cure where a word that stands alone is a format; null for others. @param formats those of the command */
export function formatNamed(word: string, formats: readonly string[] = REPORT_FORMATS): string | null {
  return formats.includes(word) ? `A format is named by its flag: --format ${word}` : null;
}
