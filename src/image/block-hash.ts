import { createRequire } from "node:module";
import { CELLS, PIXELS_A_CELL } from "./measure.js";

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

type BlockHash = (image: Rgba, bits: number, method: number) => string;

/** Compiled for CommonJS: the function is the module's `default`. */
const { default: blockHash } = createRequire(import.meta.url)("image-hash/lib/block-hash.js") as {
  readonly default: BlockHash;
};

/** image-hash's second method weights fractional blocks; the first drops the remainder and breaks at 72 and 200 px. */
const METHOD = 2;
const BITS = 16;

/** Half of the levels that a block of one pixel may have in the package, and of one of our cells. */
const HALF_OF_PIXEL = (256 * 3) / 2;
const HALF_OF_CELL = HALF_OF_PIXEL * PIXELS_A_CELL;

/** A picture of one pixel a block: red, no green, no blue, opaque. */
const blocks = Float64Array.from({ length: 4 * CELLS }, (_, i) => (i % 4 === 3 ? 255 : 0));

/**
 * The image-hash of 16 bits, as 64 hex digits: what `imageHash()` of the package answers for the canonical image as PNG, without
 * packing and unpacking one (and without its decoders, of which JPEG's ignores orientation and profiles and costs 77 ms a megapixel,
 * facts/photo-comparison.md section 9). The package asks for nothing of a block but its sum: which of two is larger, whether they differ by less
 * than 1, and whether it is above half of what a block can have. So it is given pixels that stand for whole blocks, moved so that both halves are one.
 * @param sums of the cells of the canonical image: all red first, then green, then blue
 */
export function imageHashOf(sums: Int32Array): string {
  for (let at = 0; at < CELLS; at++) {
    blocks[4 * at] = sums[at]! + sums[CELLS + at]! + sums[2 * CELLS + at]! - HALF_OF_CELL + HALF_OF_PIXEL;
  }
  return blockHash({ width: BITS, height: BITS, data: blocks }, BITS, METHOD);
}
