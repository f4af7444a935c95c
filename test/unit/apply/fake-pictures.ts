import { createHash } from "node:crypto";
import type { PhotoSignature } from "../../../src/model/photo.js";

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
