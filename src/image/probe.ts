import sharp, { type Metadata, type SharpOptions } from "sharp";
import type { ImageLimits } from "./limits.js";
import { asUnreadable, unreadable } from "./unreadable.js";

/** What the header tells, after EXIF orientation. */
export interface Probe {
  /** jpeg, png, webp, gif, tiff, avif, heic, svg, … */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** HEVC inside HEIF: needs the optional decoder. */
  readonly needsHeicDecoder: boolean;
  readonly hasAlpha: boolean;
  /** Options for every later sharp() on these bytes. */
  readonly open: SharpOptions;
}

/**
 * Reads the header and refuses what must not be decoded. The bytes decide about the format, never a file name.
 * Throws PhotodriftError `unreadable-image`.
 */
export async function probe(bytes: Buffer, limits: ImageLimits): Promise<Probe> {
  refuseObviousNonImages(bytes);
  // failOn "error": the default "warning" rejects real photos over harmless remarks (facts/photo-comparison.md section 9).
  const open: SharpOptions = { failOn: "error", limitInputPixels: limits.maxPixels, pages: 1 };
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, open).metadata();
  } catch (error) {
    throw isHeic(bytes) ? heicUnknown(error) : asUnreadable(error);
  }
  const heif = metadata.format === "heif";
  const needsHeicDecoder = heif && metadata.compression !== "av1";
  // The HEIC decoder turns the picture by the container's own property; EXIF orientation is a copy of it there.
  const { width, height } = needsHeicDecoder ? metadata : metadata.autoOrient;
  if (!(width > 0) || !(height > 0)) throw unreadable("the image has no pixels", "Save the portrait again as JPEG.");
  if (width * height > limits.maxPixels) {
    throw unreadable(
      `the image has ${Math.round((width * height) / 1e6)} megapixels, too many to be decoded safely`,
      "Save the portrait at a normal size, for example 2,000 x 2,000 pixels.",
    );
  }
  const format = heif ? (needsHeicDecoder ? "heic" : "avif") : metadata.format;
  return { format, width, height, needsHeicDecoder, hasAlpha: metadata.hasAlpha && !needsHeicDecoder, open };
}

/** Magic number of the `._name` files that macOS leaves on shares (RFC 1740 appendix A). */
const APPLE_DOUBLE = 0x00051607;

/** ISO base media brand of an HEVC coded still image. */
function isHeic(bytes: Buffer): boolean {
  return bytes.toString("latin1", 4, 8) === "ftyp" && /^(hei[cxms]|hev[cx])/.test(bytes.toString("latin1", 8, 12));
}

function heicUnknown(cause: unknown): Error {
  return unreadable("the HEIC file is damaged", "Save the portrait as JPEG.", cause);
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
