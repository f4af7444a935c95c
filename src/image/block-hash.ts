import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import type { Raster } from "./pixels.js";

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

type BlockHash = (image: Rgba, bits: number, method: number) => string;

/** Compiled for CommonJS: the function is the module's `default`. */
const { default: blockHash } = createRequire(import.meta.url)("image-hash/lib/block-hash.js") as {
  readonly default: BlockHash;
};

/** image-hash's second method weights fractional blocks; the first drops the remainder and breaks at 72 and 200 px. */
const METHOD = 2;
const BITS = 16;

/**
 * The image-hash of 16 bits on a raster, as 64 hex digits: what `imageHash()` of the package answers for the same pixels as PNG, without
 * packing and unpacking one (and without its decoders, of which JPEG's ignores orientation and profiles and costs 77 ms a megapixel,
 * facts/photo-comparison.md section 9).
 */
export function imageHashOf({ data, width, height }: Raster): string {
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return blockHash({ width, height, data: rgba }, BITS, METHOD);
}
