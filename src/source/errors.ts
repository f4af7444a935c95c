import { PhotodriftError } from "../model/errors.js";
import { codeOfError, systemError, systemReason } from "../model/system-errors.js";

/** The `code` of a file system error, or "". */
export const errnoOf = codeOfError;

const MISSING = ["ENOENT", "ENOTDIR"];
const FORBIDDEN = ["EACCES", "EPERM"];
/** One entry of the folder cannot be used, the rest can. Anything else means that the folder itself is going away. */
const ENTRY_ONLY: readonly string[] = [...MISSING, ...FORBIDDEN, "ELOOP", "ENAMETOOLONG", "EILSEQ", "EINVAL", "EBUSY"];

/** The reason to skip one entry for a failed look at it, or null when the whole scan must stop (a share that dropped out). */
export function entryReason(error: unknown): string | null {
  const code = errnoOf(error);
  if (!ENTRY_ONLY.includes(code)) return null;
  if (MISSING.includes(code)) return "it vanished during the scan";
  if (FORBIDDEN.includes(code))
    return `it cannot be read (${code}); give the account that runs photodrift read permission`;
  return `it cannot be read: ${systemReason(error)} (${code})`;
}

export function sourceMissing(folder: string, found: string): PhotodriftError {
  return new PhotodriftError(
    "source-missing",
    `The source folder ${folder} ${found}.`,
    "Mount the share or correct source.folder in the configuration.",
  );
}

export function sourceUnreadable(folder: string, error: unknown): PhotodriftError {
  const code = errnoOf(error);
  const what = code === "" ? "" : `: ${systemReason(error)} (${code})`;
  return new PhotodriftError(
    "source-unreadable",
    `The source folder ${folder} could not be read to its end${what}; a part of the masters proves nothing.`,
    FORBIDDEN.includes(code)
      ? "Give the account that runs photodrift permission to list and read the folder."
      : (systemError(error)?.cure ?? "Check the disk or the network share, then run again."),
    "failed",
    error,
  );
}

export function sourceEmpty(folder: string, skipped: number): PhotodriftError {
  const others = skipped === 0 ? "" : ` (${skipped} other ${skipped === 1 ? "entry was" : "entries were"} left out)`;
  return new PhotodriftError(
    "source-empty",
    `The source folder ${folder} holds no image${others}. An empty source is not taken for "all masters are gone".`,
    "Check that the share is mounted and that source.folder and source.recursive are right; `photodrift masters` lists what was left out.",
    "refused",
  );
}

export function markerMissing(folder: string, marker: string): PhotodriftError {
  return new PhotodriftError(
    "source-marker-missing",
    `The source folder ${folder} does not hold the marker file ${marker}: this looks like an unmounted share.`,
    `Mount the share. If this is the right folder, create an empty file ${marker} in it or remove source.marker.`,
    "refused",
  );
}

export function sourceTooLarge(folder: string, limit: number): PhotodriftError {
  return new PhotodriftError(
    "source-too-large",
    `The source folder ${folder} holds more than ${limit.toLocaleString("en")} images.`,
    "Point source.folder at the portraits alone, or set source.recursive to false.",
  );
}
