import type { Dirent, Stats } from "node:fs";
import { opendir, realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { byText } from "../model/ids.js";
import { inParallel } from "../model/parallel.js";
import { othersTurn } from "../model/turns.js";
import type { ScannedOut } from "../model/master.js";
import type { ScannedFile, SourceScan } from "../run/ports.js";
import { entryReason, sourceTooLarge, sourceUnreadable } from "./errors.js";
import { FROM_AFAR, looksIn, type Looks } from "./looks.js";
import { CURES, SKIPPED, skipFileReason, skipReason } from "./skip.js";

export interface ScanOptions {
  /** Absolute; must be a folder. */
  readonly folder: string;
  readonly recursive: boolean;
  /** Absolute folders below that are not part of the source (the archive). */
  readonly ignore: readonly string[];
  /** Files right in the folder that are no masters and no news (the marker). */
  readonly silent: ReadonlySet<string>;
  /** Pause before files that look as if they were being written are looked at again, in milliseconds. */
  readonly settleMs: number;
  /** Stops beyond this many images. */
  readonly maxFiles: number;
  now(): number;
}

/** A file touched less than this ago may still be growing. */
const YOUNG_MS = 2_000;
/** Looks at the file system in flight; a network share answers each in milliseconds. */
const PARALLEL = 32;
/** Skipped entries that are named one by one; the rest is counted, so that a folder of a million text files costs no memory. */
const MAX_SKIPPED = 10_000;

/**
 * Lists the images of a folder. Keeps names and sizes only, and sorts both lists in code-unit order.
 * Never follows a link out of the folder or to another folder, never opens a pipe or device.
 * @throws PhotodriftError `source-unreadable` when the folder goes away during the scan, `source-too-large`
 */
export async function scanFolder(options: ScanOptions): Promise<SourceScan> {
  const ignored = await Promise.all(options.ignore.map((folder) => realPathOf(folder)));
  const root = await realpath(options.folder);
  const scan = new FolderScan(options, root, new Set(ignored));
  await scan.walk("");
  await scan.settle();
  return scan.result();
}

class FolderScan {
  private readonly options: ScanOptions;
  private readonly root: string;
  private readonly ignored: ReadonlySet<string>;
  /** Of the folder that is walked. */
  private looks: Looks = FROM_AFAR;
  private files: ScannedFile[] = [];
  private readonly young: ScannedFile[] = [];
  private readonly skipped: ScannedOut[] = [];
  private skippedMore = 0;

  /** @param root the source folder, and @param ignored folders below it, by their real paths */
  constructor(options: ScanOptions, root: string, ignored: ReadonlySet<string>) {
    this.options = options;
    this.root = root;
    this.ignored = ignored;
  }

  /** @param folder relative to the source folder, "" or ending in a slash */
  async walk(folder: string): Promise<void> {
    const below: string[] = [];
    let batch: Dirent[] = [];
    // Another file system may be mounted on any of them.
    this.looks = await looksIn(`${this.options.folder}/${folder}`);
    try {
      for await (const entry of await opendir(this.options.folder + "/" + folder, { bufferSize: 1_000 })) {
        batch.push(entry);
        if (batch.length < PARALLEL) continue;
        await this.lookAll(folder, batch, below);
        await othersTurn();
        batch = [];
      }
      await this.lookAll(folder, batch, below);
    } catch (error) {
      const reason = folder === "" ? null : entryReason(error);
      if (reason === null) throw asScanError(this.options.folder, error);
      this.skip(folder.slice(0, -1), `folder: ${reason}`);
    }
    for (const name of below) await this.walk(`${folder}${name}/`);
  }

  /** Looks again at files that were touched a moment ago: one pause for all of them. */
  async settle(): Promise<void> {
    if (this.young.length === 0) return;
    await sleep(this.options.settleMs);
    await inParallel(PARALLEL, this.young, (file) => this.lookAgain(file));
  }

  result(): SourceScan {
    const skipped = this.skipped.sort((a, b) => byText(a.file, b.file));
    if (this.skippedMore > 0)
      skipped.push({ file: "…", reason: `and ${this.skippedMore} more entries that are no images` });
    return { files: this.files.sort((a, b) => byText(a.file, b.file)), skipped };
  }

  private async lookAll(folder: string, entries: readonly Dirent[], below: string[]): Promise<void> {
    await Promise.all(
      entries.map(async (entry) => {
        const file = folder + entry.name;
        try {
          await this.look(file, entry, below);
        } catch (error) {
          const reason = entryReason(error);
          if (reason === null) throw asScanError(this.options.folder, error);
          this.skip(file, reason);
        }
      }),
    );
  }

  private async look(file: string, entry: Dirent, below: string[]): Promise<void> {
    if (this.options.silent.has(file)) return;
    const path = `${this.options.folder}/${file}`;
    if (this.ignored.has(resolve(this.root, file))) return;
    const named = skipReason(entry.name);
    if (named !== null) {
      this.skip(file, named);
      return;
    }
    if (entry.isDirectory()) {
      if (this.options.recursive) below.push(entry.name);
      else this.skip(file, SKIPPED.folder);
      return;
    }
    if (entry.isSymbolicLink()) {
      const problem = await this.linkProblem(path);
      if (problem !== null) {
        this.skip(file, problem);
        return;
      }
    }
    const reason = skipFileReason(entry.name);
    if (reason !== null) {
      this.skip(file, reason);
      return;
    }
    const seen = await this.looks.stat(path);
    // Some network file systems tell no entry types, so the answer of stat counts.
    if (seen.isDirectory()) {
      if (this.options.recursive && !entry.isSymbolicLink()) below.push(entry.name);
      else this.skip(file, SKIPPED.folder);
      return;
    }
    if (!seen.isFile()) {
      this.skip(file, SKIPPED.noFile);
      return;
    }
    await this.looks.readable(path);
    this.keep(file, path, seen);
  }

  private keep(file: string, path: string, seen: Stats): void {
    const scanned: ScannedFile = { file, path, bytes: seen.size, mtimeMs: seen.mtimeMs };
    const touched = Math.max(seen.mtimeMs, seen.ctimeMs);
    (this.options.now() - touched < YOUNG_MS ? this.young : this.files).push(scanned);
    if (this.files.length + this.young.length > this.options.maxFiles) {
      throw sourceTooLarge(this.options.folder, this.options.maxFiles);
    }
  }

  private async lookAgain(file: ScannedFile): Promise<void> {
    try {
      const seen = await stat(file.path);
      if (seen.size === file.bytes && seen.mtimeMs === file.mtimeMs) this.files.push(file);
      else this.skip(file.file, "it is being written; the next run takes it");
    } catch (error) {
      const reason = entryReason(error);
      if (reason === null) throw sourceUnreadable(this.options.folder, error);
      this.skip(file.file, reason);
    }
  }

  private async linkProblem(path: string): Promise<string | null> {
    let target: string;
    try {
      target = await realpath(path);
    } catch (error) {
      if (entryReason(error) === null) throw error;
      return SKIPPED.deadLink;
    }
    if (target !== this.root && !target.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep)) {
      return SKIPPED.linkOut;
    }
    return (await stat(path)).isDirectory() ? SKIPPED.folderLink : null;
  }

  private skip(file: string, reason: string): void {
    const cure = CURES.get(reason);
    if (this.skipped.length < MAX_SKIPPED) this.skipped.push({ file, reason, ...(cure === undefined ? {} : { cure }) });
    else this.skippedMore++;
  }
}

/** The path with its links followed, in the spelling of the disk; as it is where nothing is there, for then nothing is below it. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}

function asScanError(folder: string, error: unknown): Error {
  return error instanceof Error && error.name === "PhotodriftError" ? error : sourceUnreadable(folder, error);
}
