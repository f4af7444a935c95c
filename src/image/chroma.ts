import { CELLS, PIXELS_A_CELL } from "./measure.js";

/**
 * The colours of a picture: means of BT.601 Cb and Cr (full range, 128 is none) over 16x16 cells, all Cb first: 512 bytes. Coarse enough
 * that 4:2:0 and any resampling leave them alone.
 * @param sums of the cells of the canonical image: all red first, then green, then blue
 */
export function chromaOf(sums: Int32Array): Uint8Array {
  const out = new Uint8Array(2 * CELLS);
  for (let at = 0; at < CELLS; at++) {
    const [red, green, blue] = [sums[at]!, sums[CELLS + at]!, sums[2 * CELLS + at]!];
    out[at] = 128.5 + (-0.168736 * red - 0.331264 * green + 0.5 * blue) / PIXELS_A_CELL;
    out[CELLS + at] = 128.5 + (0.5 * red - 0.418688 * green - 0.081312 * blue) / PIXELS_A_CELL;
  }
  return out;
}
