import type { ErrorClass } from "./errors.js";
import { messageOf } from "./caught.js";

/** What an error of the operating system or of SQLite means, and what to do. */
export interface SystemError {
  /** Stable, for programs. */
  readonly code: string;
  /** A clause that follows the name of the file. */
  readonly what: string;
  /** A whole sentence. */
  readonly cure: string;
  /** The exit code, see exit-codes.ts. */
  readonly errorClass: ErrorClass;
}

type Entry = readonly [code: string, what: string, cure: string];

const SPACE = "Free some space (old reports, backups of old runs), then run the same command again.";
const RIGHTS = "Give the account that runs photodrift the right to read and write there.";
const FILES = "Raise the number of open files (`ulimit -n 4096`), then run again.";
const PATH = "Correct the path in the configuration or on the command line.";
const HELD = "Wait for the other run, or close the program that has the file open, then run again.";
const DAMAGED =
  "Move the file away and audit again: the state is made anew. What it knew of past runs and undo stays in the file that was moved.";

const TABLE: Readonly<Record<string, Entry>> = {
  ENOSPC: ["disk-full", "no space left on the device", SPACE],
  EDQUOT: ["disk-full", "the disk quota is used up", SPACE],
  EFBIG: ["disk-full", "the file is larger than the file system or the limits allow", SPACE],
  EROFS: ["read-only", "the file system is read-only", "Mount it writable, or name a place on another file system."],
  EACCES: ["no-permission", "the permission is missing", RIGHTS],
  EPERM: ["no-permission", "the system does not allow it", RIGHTS],
  EMFILE: ["too-many-files", "this process has too many files open", FILES],
  ENFILE: ["too-many-files", "the machine has too many files open", FILES],
  EIO: [
    "disk-error",
    "the disk or the network share failed",
    "Check the disk and the mount (`dmesg`), then run again.",
  ],
  ESTALE: ["disk-error", "the network share was mounted anew", "Check the mount, then run again."],
  EBUSY: ["file-busy", "another program holds the file", "Close it there, then run again."],
  ETXTBSY: ["file-busy", "another program runs the file", "End it there, then run again."],
  ENOENT: ["path-wrong", "there is no such file or folder", PATH],
  ENOTDIR: ["path-wrong", "a part of the path is a file, not a directory", PATH],
  EEXIST: ["path-wrong", "a part of the path is a file, not a directory", PATH],
  EISDIR: ["path-wrong", "it is a directory", "Name a file, not a folder."],
  ENAMETOOLONG: ["path-wrong", "the name is too long", "Name a shorter file."],
  ELOOP: ["path-wrong", "its symbolic links lead in a circle", PATH],
  EPIPE: ["pipe-closed", "the reader closed the pipe", "Run again with a reader that reads to the end."],
  SQLITE_FULL: ["disk-full", "no space is left on the device of the state file", SPACE],
  SQLITE_READONLY: [
    "read-only",
    "the state file or its folder is read-only",
    "Make file and folder writable for the account that runs photodrift, or name another file under `state`.",
  ],
  SQLITE_BUSY: ["file-busy", "another program holds the state file", HELD],
  SQLITE_LOCKED: ["file-busy", "another program holds the state file", HELD],
  SQLITE_PROTOCOL: ["file-busy", "another program holds the state file", HELD],
  SQLITE_CORRUPT: ["state-damaged", "the state file is damaged", DAMAGED],
  SQLITE_NOTADB: ["state-damaged", "the file is not a database of photodrift", DAMAGED],
  SQLITE_CANTOPEN: [
    "path-wrong",
    "the state file cannot be opened or made",
    "Check the key `state`: its folder must exist and be writable for the account that runs photodrift.",
  ],
  SQLITE_IOERR: [
    "disk-error",
    "reading or writing the state file failed",
    "Check the disk, its free space and the mount (a network share is no place for the state file), then run again.",
  ],
  ERR_DLOPEN_FAILED: [
    "module-unusable",
    "the SQLite module was built for another Node or system",
    "Type `npm rebuild better-sqlite3` where photodrift is installed.",
  ],
};

/**
 * The entry for an error's `code` (errno name, or SQLite's with its extension such as SQLITE_IOERR_WRITE), or null for one that is not of
 * the system. SQLite's codes: sqlite.org/rescode.html; errno: errno(3).
 */
export function systemError(error: unknown): SystemError | null {
  if (!(error instanceof Error)) return null;
  const key = error.message.includes("NODE_MODULE_VERSION") ? "ERR_DLOPEN_FAILED" : baseCode(codeOfError(error));
  const entry = Object.hasOwn(TABLE, key) ? TABLE[key] : undefined;
  if (entry === undefined) return null;
  const [code, what, cure] = entry;
  return { code, what, cure, errorClass: "failed" };
}

/** The `code` of an error of the system, or "". */
export function codeOfError(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The file that a file system error names, or "". */
export function fileOfError(error: unknown): string {
  return error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : "";
}

/** What failed, in the words of the table, or the error's own. */
export function systemReason(error: unknown): string {
  return systemError(error)?.what ?? messageOf(error);
}

function baseCode(code: string): string {
  return /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
}
