import { lstat, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import type { MasterSource, SourceScan } from "../run/ports.js";
import { errnoOf, markerMissing, sourceEmpty, sourceMissing, sourceUnreadable } from "./errors.js";
import { readMapping, readPeople } from "./lists.js";
import { MANIFEST } from "./manifest.js";
import { scanFolder } from "./scan.js";

/** Paths are absolute; `marker` is a file name in `folder`. */
export interface MasterSourceOptions {
  readonly folder: string;
  readonly recursive: boolean;
  readonly mapping?: string | null;
  readonly marker?: string | null;
  readonly consent?: string | null;
  readonly pins?: string | null;
  /** Folder that the names of the lists are told from (the configuration's); without it their base names are told. */
  readonly base?: string;
  /** Where masters are moved to; not scanned when it lies below `folder`, and once it has been used an empty source is no alarm. */
  readonly archive?: string | null;
  /** Pause before files that seem to be written are looked at again; milliseconds, default 500. */
  readonly settleMs?: number;
  /** Images beyond this number stop the scan; default 200,000. */
  readonly maxFiles?: number;
  readonly now?: () => number;
}

/** The folder of masters with its lists. Every scan looks anew; lists are read when asked for. */
export function createMasterSource(options: MasterSourceOptions): MasterSource {
  const folder = resolve(options.folder);
  const archive = options.archive ?? null;
  return {
    async scan() {
      const before = await look(folder, options.marker ?? null);
      const scan = await scanFolder({
        folder,
        recursive: options.recursive,
        ignore: archive === null ? [] : [archive],
        silent: new Set(options.marker ? [options.marker] : []),
        settleMs: options.settleMs ?? 500,
        maxFiles: options.maxFiles ?? 200_000,
        now: options.now ?? Date.now,
      });
      // A share that is mounted or drops out in the middle shows another folder under the same name, without any error.
      const after = await look(folder, options.marker ?? null);
      if (before !== after) throw sourceUnreadable(folder, new Error("the folder was replaced during the scan"));
      await refuseEmpty(folder, scan, archive);
      return scan;
    },
    listFiles: {
      consent: listName(options.base, options.consent),
      pins: listName(options.base, options.pins),
      mapping: listName(options.base, options.mapping),
    },
    async mapping() {
      return options.mapping ? readMapping(options.mapping, folder, archive) : null;
    },
    async consentWithdrawn() {
      return options.consent ? readPeople(options.consent, "policy.consent") : [];
    },
    async pinned() {
      return options.pins ? readPeople(options.pins, "policy.pins") : [];
    },
  };
}

function listName(base: string | undefined, file: string | null | undefined): string {
  if (!file) return "";
  return (base === undefined ? basename(file) : relative(base, file)).replaceAll(sep, "/");
}

/** Makes sure that the folder and its marker are there; gives the identity of the folder. */
async function look(folder: string, marker: string | null): Promise<string> {
  try {
    const found = await stat(folder, { bigint: true });
    if (!found.isDirectory()) throw sourceMissing(folder, "is a file, not a folder");
    if (marker !== null && !(await exists(join(folder, marker)))) throw markerMissing(folder, marker);
    return `${found.dev}:${found.ino}`;
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw marker === null ? sourceMissing(folder, "does not exist") : markerMissing(folder, marker);
    }
    if (error instanceof Error && error.name === "PhotodriftError") throw error;
    throw sourceUnreadable(folder, error);
  }
}

async function refuseEmpty(folder: string, scan: SourceScan, archive: string | null): Promise<void> {
  if (scan.files.length > 0) return;
  if (archive !== null && (await exists(join(archive, MANIFEST)))) return;
  throw sourceEmpty(folder, scan.skipped.length);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}
