import { constants } from "node:fs";
import { copyFile, link, lstat, open, realpath, rename, rm, unlink, utimes } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { makeFolder } from "../files/folders.js";
import { sha256OfFile } from "../files/digest.js";
import { draftName, flushFolder } from "../files/whole-file.js";
import { PhotodriftError } from "../model/errors.js";
import { systemError, systemReason } from "../model/system-errors.js";
import type { ScannedFile } from "../run/ports.js";
import { errnoOf } from "./errors.js";
import { appendManifest } from "./manifest.js";

export interface ArchivedMaster {
  /** Path in the archive, relative, forward slashes. */
  readonly archivedAs: string;
}

export interface Archive {
  /**
   * Moves a master whose stores are all confirmed into the archive. Nothing there is ever overwritten: a name that is taken by another picture
   * gets a number, the same picture is kept once. The copy and its row in the manifest are on the disk before the master goes,
   * so that a killed run leaves the master or both; moving it again finishes the work.
   * @param sha256 of the bytes that were applied, lower case hex
   * @throws PhotodriftError `archive-changed` when the file is not the one that was applied, `archive-failed`
   */
  archiveMaster(file: ScannedFile, sha256: string, upn: string): Promise<ArchivedMaster>;
}

/**
 * @param archive absolute folder, made when first needed; may be on another device than the masters
 * @param now milliseconds since 1970
 * @throws PhotodriftError `archive-changed`, `archive-failed` from its one method, see there
 */
export function createArchive(archive: string, now: () => number = Date.now): Archive {
  return {
    async archiveMaster(file, sha256, upn) {
      try {
        if ((await sha256OfFile(file.path)) !== sha256) throw changed(file.file);
        await refuseOwnPlace(file, archive);
        const target = await put(file, sha256, archive);
        const archivedAs = relative(archive, target).replaceAll("\\", "/");
        await appendManifest(archive, {
          archivedAt: new Date(now()).toISOString(),
          user: upn,
          file: file.file,
          archivedAs,
          sha256,
          bytes: String(file.bytes),
        });
        await flushFolder(dirname(target));
        await flushFolder(archive);
        await unlink(file.path);
        return { archivedAs };
      } catch (error) {
        if (error instanceof PhotodriftError) throw error;
        throw new PhotodriftError(
          "archive-failed",
          `${file.file} could not be moved to the archive ${archive}: ${systemReason(error)}; the master is still in its place.`,
          `${systemError(error)?.cure ?? "Check the folder."} The next run tries again.`,
          "incomplete",
          error,
        );
      }
    },
  };
}

/** The archive that is, by links, the folder of masters: there the copy is the master itself, and would go with it. */
async function refuseOwnPlace(file: ScannedFile, archive: string): Promise<void> {
  const wanted = dirname(join(archive, ...file.file.split("/")));
  const there = await realpath(wanted).catch(() => null);
  if (there === null || there !== (await realpath(dirname(file.path)))) return;
  throw new PhotodriftError(
    "archive-failed",
    `${file.file} could not be moved to the archive ${archive}: that is the folder of masters itself; the master is still in its place.`,
    "Name another folder as source.archive.",
    "incomplete",
  );
}

/** Puts a copy of the master into the archive under the first free name, and gives its path. */
async function put(file: ScannedFile, sha256: string, archive: string): Promise<string> {
  const wanted = join(archive, ...file.file.split("/"));
  await makeFolder(dirname(wanted));
  for (let number = 1; ; number++) {
    const target = number === 1 ? wanted : numbered(wanted, number);
    if (await place(file.path, target, sha256)) return target;
    if (await isSamePicture(target, sha256)) return target;
  }
}

/** False when the name is taken. Without hard links (other device, FAT, some shares) the bytes are copied and checked first. */
async function place(source: string, target: string, sha256: string): Promise<boolean> {
  try {
    if (!(await lstat(source)).isSymbolicLink()) {
      await link(source, target);
      return true;
    }
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    if (errnoOf(error) === "ENOENT") throw error;
  }
  return copyTo(source, target, sha256);
}

async function copyTo(source: string, target: string, sha256: string): Promise<boolean> {
  const part = join(dirname(target), draftName(target));
  try {
    await copyFile(source, part, constants.COPYFILE_EXCL);
    await flush(part);
    if ((await sha256OfFile(part)) !== sha256) throw changed(source);
    const { atime, mtime } = await lstat(source);
    await utimes(part, atime, mtime);
    return await claim(part, target);
  } finally {
    await rm(part, { force: true });
  }
}

/** Gives the finished copy its name without ever replacing another file: link refuses; where it cannot, the name is claimed first. */
async function claim(part: string, target: string): Promise<boolean> {
  try {
    await link(part, target);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
  }
  try {
    await (await open(target, "wx")).close();
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
  await rename(part, target);
  return true;
}

function numbered(path: string, number: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)} (${number})${extension}`;
}

async function isSamePicture(path: string, sha256: string): Promise<boolean> {
  const there = await lstat(path);
  return there.isFile() && (await sha256OfFile(path)) === sha256;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function changed(file: string): PhotodriftError {
  return new PhotodriftError(
    "archive-changed",
    `${file} is not the picture any more that was applied; it stays where it is.`,
    "Run audit again: the new picture is the master now.",
    "incomplete",
  );
}
