import { isAbsolute, relative, sep } from "node:path";
import type { MappingRow, PersonRow } from "../model/list.js";
import { pathKey } from "../model/path-key.js";
import { readCsv } from "./csv.js";
import { parseFocus } from "./focus.js";
import { archivedUsers } from "./manifest.js";

/**
 * Reads the mapping file, columns `user`, `file` and where it is there `focus`. A row given twice counts once; empty cells are kept as "",
 * so that the row is told and not dropped. An absolute path below the source folder becomes the path relative to it.
 * @param folder the source folder, absolute
 * @param archive the archive of masters, absolute; null without one
 * @throws PhotodriftError `bad-list` (usage) with file and line
 */
export async function readMapping(
  file: string,
  folder: string,
  archive: string | null = null,
): Promise<readonly MappingRow[]> {
  const seen = new Set<string>();
  const rows: MappingRow[] = [];
  for (const { line, cells, ...rest } of await readCsv(file, "source.mapping", ["user", "file"], ["focus"])) {
    const key = JSON.stringify([cells.user.toLowerCase(), cells.file, cells.focus, rest]);
    if (!seen.has(key))
      rows.push({ user: cells.user, file: below(folder, cells.file), line, ...parseFocus(cells.focus), ...rest });
    seen.add(key);
  }
  return archive === null ? rows : withArchived(rows, archive);
}

async function withArchived(rows: readonly MappingRow[], archive: string): Promise<readonly MappingRow[]> {
  const keyOf = (row: MappingRow): string => pathKey(row.file).toLowerCase();
  const users = await archivedUsers(archive, new Set(rows.map(keyOf)));
  return rows.map((row) => {
    const archivedFor = users.get(keyOf(row));
    return archivedFor === undefined ? row : { ...row, archivedFor };
  });
}

/**
 * Reads a list of people, column `user` (UPN, mail, alias, object id or employee id). Empty cells are kept as "".
 * @param setting `policy.consent` or `policy.pins`, for messages
 * @throws PhotodriftError `bad-list` (usage) with file and line. A list that cannot be read whole is never taken for a shorter one.
 */
export async function readPeople(file: string, setting: string): Promise<readonly PersonRow[]> {
  return (await readCsv(file, setting, ["user"])).map(({ cells, ...rest }) => ({ user: cells.user, ...rest }));
}

function below(folder: string, path: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(folder, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside.replaceAll(sep, "/");
}
