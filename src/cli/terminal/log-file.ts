import { closeSync, openSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { createStream } from "rotating-file-stream";
import type { Logger } from "pino";
import { makeFolderNow } from "../../files/folders.js";
import { PhotodriftError } from "../../model/errors.js";
import { systemReason } from "../../model/system-errors.js";
import { loggerTo } from "./json-log.js";

/** A log file is put aside at this size, and so many of those are kept: FILE.1 is the newest of them. */
const SIZE = "10M";
const KEPT = 9;

export interface LogFile {
  readonly log: Logger;
  /** Resolves when everything is on its way to the disk. */
  close(): Promise<void>;
}

/**
 * JSON lines in a file that is rotated by size, for runs that nobody watches; each line names its run. Readable by its owner only.
 * Throws PhotodriftError `log-unwritable` (usage).
 * @param told hears once that no more can be written to it
 */
export function openLogFile(path: string, told: (message: string) => void): LogFile {
  const file = resolve(path);
  try {
    makeFolderNow(dirname(file), 0o777);
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new PhotodriftError(
      "log-unwritable",
      `The log file ${file} cannot be written: ${systemReason(error)}.`,
      "Name a file in a folder that this account may write to, with --log-file.",
      "usage",
    );
  }
  const stream = createStream(basename(file), { path: dirname(file), size: SIZE, rotate: KEPT, mode: 0o600 });
  // A full disk must not stop a run: its findings matter more than its log.
  let broken = false;
  const ended = new Promise<void>((resolve) => {
    stream.once("finish", resolve);
    stream.once("close", resolve);
    stream.on("error", (error) => {
      if (!broken) told(`The log file ${file} is not written any more: ${systemReason(error)}. The run goes on.`);
      broken = true;
      resolve();
    });
  });
  return {
    log: loggerTo("debug", stream),
    async close() {
      if (!broken) stream.end();
      await ended;
    },
  };
}
