import type { MappingRow } from "../model/list.js";
import { badList, readCsv } from "./csv.js";
import { parseFocus } from "./focus.js";

/**
 * Reads the mapping file, columns `user`, `file` and where it is there `focus`. A row given twice counts once.
 * @throws PhotodriftError `bad-list` (usage) with file and line
 */
export async function readMapping(file: string): Promise<readonly MappingRow[]> {
  const seen = new Set<string>();
  const rows: MappingRow[] = [];
  for (const { line, cells } of await readCsv(file, "source.mapping", ["user", "file"], ["focus"])) {
    for (const column of ["user", "file"] as const) {
      if (cells[column] !== "") continue;
      throw badList(file, "source.mapping", line, `the column "${column}" is empty`, "Fill it in or remove the line.");
    }
    const key = `${cells.user.toLowerCase()}\n${cells.file}`;
    if (!seen.has(key)) rows.push({ user: cells.user, file: cells.file, line, ...parseFocus(cells.focus) });
    seen.add(key);
  }
  return rows;
}

/**
 * Reads a list of people, column `user` (UPN, mail, object id or employee id).
 * @param setting `policy.consent` or `policy.pins`, for messages
 * @returns keys in lower case and one Unicode form
 * @throws PhotodriftError `bad-list` (usage) with file and line. A list that cannot be read whole is never taken for a shorter one.
 */
export async function readPeople(file: string, setting: string): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  for (const { line, cells } of await readCsv(file, setting, ["user"])) {
    if (cells.user === "") {
      throw badList(file, setting, line, 'the column "user" is empty', "Fill it in or remove the line.");
    }
    people.add(cells.user.normalize("NFC").toLowerCase());
  }
  return people;
}
