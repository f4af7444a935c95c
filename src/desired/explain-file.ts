import type { FileMatch } from "../model/master.js";
import { MAPPING_PATTERN } from "./fits.js";
import { nameAt } from "./file-index.js";
import { foldVariants } from "./fold.js";

/** Everything known about the match of one file, one sentence a line, for `photodrift masters` and `explain`. */
export function explainFile(match: FileMatch): readonly string[] {
  const spellings = foldVariants(nameAt(match.file, 1) ?? "").map((name) => `"${name}"`);
  return [
    outcomeLine(match),
    spellings.length === 0 ? "The file name holds no name." : `Compared as ${spellings.join(" or ")}.`,
    ...match.tried,
  ];
}

function outcomeLine({ file, outcome }: FileMatch): string {
  switch (outcome.kind) {
    case "matched":
      return `${file} is the master of ${outcome.upn} (${source(outcome.pattern)}).`;
    case "outranked":
      return `${file} fits ${outcome.upn} (${source(outcome.pattern)}), whose master is the more exact ${outcome.by}.`;
    case "ambiguous":
      return `${file} is ambiguous: ${outcome.reason}. Nothing is guessed; the mapping file can decide.`;
    case "unmatched":
      return `${file} fits no user.`;
  }
}

function source(pattern: string): string {
  return pattern === MAPPING_PATTERN ? "mapping file" : `pattern ${pattern}`;
}
