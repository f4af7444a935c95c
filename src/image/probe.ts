import type { Metadata, SharpOptions } from "sharp";
import type { ImageAccess } from "./access.js";
import { type ForeignKind, foreignKind, HEIC, strangeKind } from "./foreign/kinds.js";
import { asAvif, isoContent } from "./foreign/iso-stills.js";
import { withEnd } from "./jpeg-end.js";
import { plainJpegSize } from "./jpeg-head.js";
import { sharp } from "./library.js";
import { asUnreadable, unreadable } from "./unreadable.js";

/** What the image library opens: the file itself, or a working copy of it that may be smaller. */
export interface Picture {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** Options for every sharp() on these bytes. */
  readonly open: SharpOptions;
}

/** What the header tells, after EXIF orientation. */
export interface Probe {
  /** jpeg, png, webp, gif, tiff, avif, heic, svg, bmp, … */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Nothing of it can be seen; null where only its pixels tell. */
  readonly transparent: boolean | null;
  readonly picture: Picture;
}

/**
 * Reads the header and refuses what must not be decoded; formats that the image library leaves out are decoded here, once a content.
 * The bytes decide about the format, never a file name.
 * Throws PhotodriftError `unreadable-image`.
 */
export async function probe(bytes: Buffer, access: Pick<ImageAccess, "limits" | "foreign">): Promise<Probe> {
  refuseObviousNonImages(bytes);
  const { maxPixels } = access.limits;
  // failOn "error": the default "warning" rejects real photos over harmless remarks (facts/photo-comparison.md section 9).
  const open: SharpOptions = { failOn: "error", limitInputPixels: maxPixels, pages: 1 };
  const plain = plainJpegSize(bytes);
  if (plain !== null) return probed(bytes, { format: "jpeg", ...plain, transparent: false }, open);
  const strange = strangeKind(bytes);
  if (strange !== null) throw unreadable(`it is ${strange.name}, which cannot be read`, strange.cure);
  const kind = foreignKind(bytes);
  if (kind !== null) return probeForeign(bytes, kind, access);
  const iso = isoContent(bytes);
  if (iso?.still === "none") throw unreadable(SEQUENCE, "Open it, and save one picture of it as JPEG.");
  if (iso?.still === "hevc") return probeForeign(bytes, HEIC, access);
  return probeOwn(iso?.still === "av1" ? asAvif(bytes) : bytes, open, access);
}

const SEQUENCE = "it is an image sequence (a HEIC or AVIF animation or burst) without a still picture";

/** What the image library knows. */
async function probeOwn(bytes: Buffer, open: SharpOptions, access: Pick<ImageAccess, "foreign">): Promise<Probe> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, open).metadata();
  } catch (error) {
    if (isHeic(bytes)) return probeForeign(bytes, HEIC, access);
    throw asUnreadable(error);
  }
  const heif = metadata.format === "heif";
  if (heif && metadata.compression !== "av1") return probeForeign(bytes, HEIC, access);
  const format = heif ? "avif" : metadata.format;
  return probed(bytes, { format, ...metadata.autoOrient, transparent: metadata.hasAlpha ? null : false }, open);
}

/** Refuses what has no pixels or too many. */
async function probed(bytes: Buffer, header: Omit<Probe, "picture">, open: SharpOptions): Promise<Probe> {
  const { width, height } = header;
  const maxPixels = Number(open.limitInputPixels);
  if (!(width > 0) || !(height > 0)) throw unreadable("the image has no pixels", "Save the portrait again as JPEG.");
  if (width * height > maxPixels) {
    throw unreadable(
      `the image has ${Math.round((width * height) / 1e6)} megapixels, too many to be decoded safely`,
      "Save the portrait at a normal size, for example 2,000 x 2,000 pixels.",
    );
  }
  const whole = header.format === "jpeg" ? await withEnd(bytes, open) : { bytes, open };
  return { ...header, picture: { ...whole, width, height } };
}

async function probeForeign(
  bytes: Buffer,
  kind: ForeignKind,
  { foreign }: Pick<ImageAccess, "foreign">,
): Promise<Probe> {
  const { width, height, transparent, picture } = await foreign(bytes, kind);
  const open: SharpOptions = { failOn: "error", limitInputPixels: false };
  const copy = await sharp(picture, open).metadata();
  return {
    format: kind.format,
    ...{ width, height, transparent },
    picture: { bytes: picture, width: copy.width, height: copy.height, open },
  };
}

/** Magic number of the `._name` files that macOS leaves on shares (RFC 1740 appendix A). */
const APPLE_DOUBLE = 0x00051607;

/** ISO base media brand of an HEVC coded still image. */
function isHeic(bytes: Buffer): boolean {
  return bytes.toString("latin1", 4, 8) === "ftyp" && /^(hei[cxms]|hev[cxms])/.test(bytes.toString("latin1", 8, 12));
}

function refuseObviousNonImages(bytes: Buffer): void {
  if (bytes.length === 0) throw unreadable("the file is empty", "Copy the file again from its origin.");
  const head = bytes.toString("latin1", 0, 512).trimStart().toLowerCase();
  if (head.startsWith("<!doctype html") || head.startsWith("<html")) {
    throw unreadable("it is a web page, not an image", "Download the picture itself; this is probably a sign-in page.");
  }
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === APPLE_DOUBLE) {
    throw unreadable(
      "it is a macOS resource file (AppleDouble), not an image",
      "Delete it; the picture has the same name without ._",
    );
  }
  if (head.startsWith("%pdf")) throw unreadable("it is a PDF, not an image", "Export the portrait as JPEG.");
}
