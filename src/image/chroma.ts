import type { Raster } from "./pixels.js";

/** Cells on each side. */
const SIDE = 16;

/**
 * The colours of a picture: means of BT.601 Cb and Cr (full range, 128 is none) over 16x16 cells, all Cb first: 512 bytes. Coarse enough
 * that 4:2:0 and any resampling leave them alone.
 * @param canonical 128x128 pixels
 */
export function chromaOf(canonical: Raster): Uint8Array {
  const { data, width } = canonical;
  const step = width / SIDE;
  const cells = SIDE * SIDE;
  const out = new Uint8Array(2 * cells);
  for (let at = 0; at < cells; at++) {
    const top = Math.floor(at / SIDE) * step;
    const left = (at % SIDE) * step;
    let [red, green, blue] = [0, 0, 0];
    for (let y = top; y < top + step; y++) {
      for (let p = 3 * (y * width + left), end = p + 3 * step; p < end; p += 3) {
        red += data[p]!;
        green += data[p + 1]!;
        blue += data[p + 2]!;
      }
    }
    const n = step * step;
    out[at] = 128.5 + (-0.168736 * red - 0.331264 * green + 0.5 * blue) / n;
    out[cells + at] = 128.5 + (0.5 * red - 0.418688 * green - 0.081312 * blue) / n;
  }
  return out;
}
