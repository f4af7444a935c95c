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
  /** Cells that belong to no column, empty ones left out; not there where the row has none. */
  readonly beyond?: readonly string[];
}

/** One row of the mapping file. */
export interface MappingRow extends PersonRow {
  /** Path relative to the source folder, as the cell has it; "" for an empty cell. */
  readonly file: string;
  /** The middle of the square that is cut; null where the row says nothing, or nothing that can be followed. */
  readonly focus: Focus | null;
  /** What is wrong with the cell `focus`, one clause; null when nothing is. */
  readonly focusProblem: string | null;
  /** UPNs of the users whose master this file was when it went into the archive; not there where it never did. */
  readonly archivedFor?: readonly string[];
}

export const LIST_KINDS = ["consent", "pins", "mapping"] as const;
/** A list beside the masters. */
export type ListKind = (typeof LIST_KINDS)[number];

/** What is wrong with one row of a list. */
export interface RowProblem {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly kind: "no-user" | "several-users" | "no-file" | "focus" | "beyond-header";
  /** The cell that cannot be followed, as the file has it. */
  readonly entry: string;
  /** Users the row names: none, several, or the one whose file or focus it is. */
  readonly upns: readonly string[];
  /** One clause for people. */
  readonly message: string;
  /** What to type instead, where it can be told. */
  readonly cure?: string;
  /** The user that the cell may mean, where it names none; never used. */
  readonly nearest?: NearUser;
}

/** A row that cannot be followed as it stands, with everything that is wrong with it. */
export interface ListEntry {
  readonly list: ListKind;
  /** Path of the list file, relative to the configuration, forward slashes. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line: number;
  readonly problems: readonly RowProblem[];
  /** The first of the users that cells of the row may mean, where they name none; never used. */
  readonly nearest: NearUser | null;
}

/** A near match that is shown and never used. */
export interface NearUser {
  readonly upn: string;
  /** Why, in words. */
  readonly because: string;
}
