import { createHash } from "node:crypto";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { PhotoSignature } from "../../../src/model/photo.js";
import type { ImageReader } from "../../../src/run/ports.js";

/** A picture of the fake world is text: what it shows, its side, and how often a service has re-encoded it. */
export function picture(shows: string, side: number, encoding = 0): Buffer {
  return Buffer.from(`IMG|${shows}|${String(side)}|${String(encoding)}|${"x".repeat(side % 97)}`);
}

export function showsOf(bytes: Buffer): string {
  return bytes.toString().split("|")[1] ?? "";
}

export function sideOf(bytes: Buffer): number {
  return Number(bytes.toString().split("|")[2]);
}

/** What a service makes of an upload: other bytes, the same picture. */
export function reencoded(bytes: Buffer): Buffer {
  const [, shows = "", side, encoding] = bytes.toString().split("|");
  return picture(shows, Number(side), Number(encoding) + 1);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The luma depends on what is shown alone, so that every rendition of a picture agrees with every other. */
export function signature(bytes: Buffer): PhotoSignature {
  const side = sideOf(bytes);
  return {
    sha256: sha256(bytes),
    width: side,
    height: side,
    byteLength: bytes.length,
    format: "jpeg",
    hash: "0".repeat(64),
    dctHash: "0".repeat(64),
    luma: lumaOf(showsOf(bytes)),
    placeholderScore: 0,
    jpegQuality: 90,
    version: 1,
  };
}

const lumas = new Map<string, Uint8Array>();

function lumaOf(shows: string): Uint8Array {
  const known = lumas.get(shows);
  if (known !== undefined) return known;
  const luma = new Uint8Array(4096);
  let state = createHash("sha256").update(shows).digest().readUInt32LE(0) | 1;
  for (let at = 0; at < luma.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    luma[at] = state & 0xff;
  }
  lumas.set(shows, luma);
  return luma;
}

/**
 * A reader of such pictures; one that shows "damaged" is no image, one that shows nothing is gone.
 * @param shownBy what the master file at a path shows
 * @param masterOf the signature of a master that shows this
 */
export function textImages(
  shownBy: (path: string) => string,
  masterOf: (shows: string) => PhotoSignature = (shows) => signature(picture(shows, 648)),
): ImageReader {
  const whole = (shows: string): void => {
    if (shows === "damaged") throw new PhotodriftError("unreadable-image", "cut off", "Replace it.");
    if (shows === "") throw new PhotodriftError("unreadable-image", "the file is gone", "Run again.");
  };
  return {
    digest: (bytes) => createHash("sha256").update(bytes).digest("hex"),
    signatureVersion: 1,
    masterRecipe: "1",
    sign: async (bytes) => {
      whole(showsOf(bytes));
      return signature(bytes);
    },
    signMaster: async (path) => {
      whole(shownBy(path));
      return { signature: masterOf(shownBy(path)), crop: CROP, unsuitable: null };
    },
    references: async ({ path, sha256 }, _crop, { width }) => {
      whole(shownBy(path));
      if (masterOf(shownBy(path)).sha256 !== sha256) {
        throw new PhotodriftError("unreadable-image", "the file holds something else now", "Run again.");
      }
      return [{ framing: "whole", signature: signature(picture(shownBy(path), width, 1)) }];
    },
    preview: async (bytes) => bytes,
    masterPreview: async () => Buffer.alloc(0),
    lumaPreview: async () => Buffer.alloc(0),
    smaller: async () => Buffer.alloc(0),
  };
}

/** Of every master. */
export const CROP = { left: 0, top: 0, width: 648, height: 648 };
