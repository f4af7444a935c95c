import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../files/folders.js";
import { PhotodriftError } from "../model/errors.js";
import { codeOfError, systemError, systemReason } from "../model/system-errors.js";
import { sha256Of, sha256OfFile } from "../files/digest.js";
import { writeWhole } from "../files/whole-file.js";
import type { BackupStore } from "../run/journal-port.js";

/**
 * Replaced pictures beside the state file, by content: `<state>.backups/ab/<sha256>`. A backup is written under another name, flushed to the
 * disk together with its folder, and only then gets its name: a name always means whole content. Readable by the owner only.
 * Its methods throw PhotodriftError `backup-failed` (written), `backup-unreadable` and `backup-damaged` (read).
 */
export function createBackups(statePath: string): BackupStore {
  const root = `${statePath}.backups`;
  const pathOf = (sha256: string) => join(root, sha256.slice(0, 2), checked(sha256));

  return {
    path: pathOf,
    async put(bytes) {
      const sha256 = sha256Of(bytes);
      const path = pathOf(sha256);
      try {
        if (await holds(path, sha256)) return sha256;
        await makeFolder(dirname(path));
        await writeWhole(path, [bytes], { durable: true });
      } catch (error) {
        throw new PhotodriftError(
          "backup-failed",
          `The replaced picture cannot be kept in ${root}: ${systemReason(error)}.`,
          `Nothing is written without a backup. ${systemError(error)?.cure ?? "Check the folder."}`,
          "failed",
          error,
        );
      }
      return sha256;
    },
    async get(sha256) {
      let bytes: Buffer;
      try {
        bytes = await readFile(pathOf(sha256));
      } catch (error) {
        if (codeOfError(error) === "ENOENT") return null;
        throw new PhotodriftError(
          "backup-unreadable",
          `The backup ${pathOf(sha256)} cannot be read: ${systemReason(error)}.`,
          systemError(error)?.cure ?? "Restore the folder from a copy.",
          "failed",
          error,
        );
      }
      if (sha256Of(bytes) === sha256) return bytes;
      throw new PhotodriftError(
        "backup-damaged",
        `The backup ${pathOf(sha256)} is damaged: its content does not fit its name.`,
        "Restore the folder from a copy; a damaged picture is never written back.",
      );
    },
    async remove(sha256) {
      await rm(pathOf(sha256), { force: true });
    },
    async *all() {
      for (const folder of await namesIn(root)) {
        for (const name of await namesIn(join(root, folder))) if (/^[0-9a-f]{64}$/.test(name)) yield name;
      }
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** Content names come out of files that people may edit. */
function checked(sha256: string): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new PhotodriftError("backup-damaged", "A backup is named by 64 hexadecimal digits.", "Make the plan anew.");
}

async function holds(path: string, sha256: string): Promise<boolean> {
  try {
    return (await sha256OfFile(path)) === sha256;
  } catch {
    return false;
  }
}
