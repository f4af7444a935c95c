import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { PhotodriftError } from "../../model/errors.js";

/** Bytes. A look at every page of a file of this size takes about a second on a plain disk. */
const CHECKED_WHOLE = 512 * 1024 * 1024;

/**
 * Looks for damage in a state file that is there, without writing to it: SQLite's own quick check, of a large file the table of contents alone.
 * @param mostBytes largest file that is looked at whole, bytes
 * @throws PhotodriftError `state-damaged`; what SQLite and the file system throw
 */
export function checkStateFile(path: string, mostBytes: number = CHECKED_WHOLE): "whole" | "contents" {
  const { size } = statSync(path);
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    if (size > mostBytes) return "contents";
    const found = db.pragma("quick_check(1)", { simple: true }) as string;
    if (found !== "ok") {
      throw new PhotodriftError(
        "state-damaged",
        `The state file ${path} is damaged: ${found.split("\n").at(-1) ?? ""}.`,
        "Move the file away and audit again: the state is made anew. What it knew of past runs and undo stays in the file that was moved.",
      );
    }
    return "whole";
  } finally {
    db.close();
  }
}
