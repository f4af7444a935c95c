/** A point of a picture in percent of its width and height, from the upper left corner; 0 to 100 each. */
export interface Focus {
  readonly x: number;
  readonly y: number;
}

/** One row of a list of people (consent, pins). */
export interface PersonRow {
  /** Who is meant, as the cell has it: UPN, mail, alias, object id or employee id; "" for an empty cell. */
  readonly user: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** One row of the mapping file. */
export interface MappingRow extends PersonRow {
  /** Path relative to the source folder, as the cell has it; "" for an empty cell. */
  readonly file: string;
  /** The middle of the square that is cut; null where the row says nothing, or nothing that can be followed. */
  readonly focus: Focus | null;
  /** What is wrong with the cell `focus`, one clause; null when nothing is. */
  readonly focusProblem: string | null;
}
