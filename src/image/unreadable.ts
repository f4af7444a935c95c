import { PhotodriftError } from "../model/errors.js";
import { messageOf } from "../model/caught.js";

/** The one error of this folder: `reason` is a sentence about the file, `cure` what a person can do. */
export function unreadable(reason: string, cure: string, cause?: unknown): PhotodriftError {
  return new PhotodriftError("unreadable-image", reason, cure, "failed", cause);
}

const REPLACE = "Replace the file with a fresh JPEG or PNG export of the portrait.";

interface KnownFailure {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly cure: string;
}

/** Messages of libvips and its loaders, most specific first. */
const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    pattern: /exceeds pixel limit|too large|dimension|image size/i,
    reason: "the image has too many pixels to be decoded safely",
    cure: "Save the portrait at a normal size, for example 2,000 x 2,000 pixels.",
  },
  {
    pattern:
      /premature end|truncated|unexpected end|end of stream|not enough|read error|partial|incomplete|out of data/i,
    reason: "the file is truncated",
    cure: "Copy the file again from its origin; the transfer broke off.",
  },
  {
    pattern: /HEVC|heic|libde265|Support for this compression format/i,
    reason: "the image is HEIC (HEVC), which the image library cannot decode",
    cure: "Install the optional package heic-decode, or save the portrait as JPEG.",
  },
  {
    pattern: /unsupported image format|unknown format|not a known file format/i,
    reason: "the file is not an image in a supported format",
    cure: "Save the portrait as JPEG, PNG, WebP, TIFF, GIF or AVIF.",
  },
];

/** Turns whatever a decoder threw into the error above; an error that is one already passes through. */
export function asUnreadable(error: unknown): PhotodriftError {
  if (error instanceof PhotodriftError) return error;
  const message = messageOf(error);
  const known = KNOWN_FAILURES.find((failure) => failure.pattern.test(message));
  if (known) return unreadable(known.reason, known.cure, error);
  const firstLine = message.split("\n", 1)[0] ?? "";
  return unreadable(`the file is damaged (${firstLine.slice(0, 160)})`, REPLACE, error);
}

/** Whether the reason is what the image library said, rather than what was seen here. */
export function isToldByLibrary(error: unknown): boolean {
  return error instanceof PhotodriftError && error.code === "unreadable-image" && error.cause !== undefined;
}

/** File-system failures, told apart because their cures differ. */
export function asUnreadableFile(error: unknown): PhotodriftError {
  if (error instanceof PhotodriftError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return unreadable("the file is gone", "Run again; it was removed after the scan.", error);
  if (code === "EACCES" || code === "EPERM") {
    return unreadable("the file may not be read", "Grant the account that runs photodrift read access.", error);
  }
  if (code === "EISDIR") return unreadable("it is a folder, not a file", "Remove the folder or rename it.", error);
  return code === ""
    ? asUnreadable(error)
    : unreadable(`the file cannot be read (${code})`, "Check the share or disk.", error);
}
