import { labRoot, srgbLight } from "../../model/colour.js";
import { LUMA_SIDE } from "./high-pass.js";

/** Cells on each side of the stored chroma. */
export const CELL_SIDE = 16;
export const CELLS = CELL_SIDE * CELL_SIDE;
/** Luma pixels on each side of a cell. */
const STEP = LUMA_SIDE / CELL_SIDE;

export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture as 16x16 cells, each the mean of what lies in it: sRGB of 0 to 255 and CIE L*a*b* (D65). */
export interface ColourCells {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/**
 * @param luma 64x64, BT.601
 * @param chroma 16x16 of Cb, then 16x16 of Cr, 128 is none (BT.601, full range)
 */
export function colourCells(luma: ArrayLike<number>, chroma: Uint8Array): ColourCells {
  const plane = () => new Float32Array(CELLS);
  const cells = { red: plane(), green: plane(), blue: plane(), l: plane(), a: plane(), b: plane() };
  for (let at = 0; at < CELLS; at++) {
    const y = meanOfCell(luma, at);
    const cb = chroma[at]! - 128;
    const cr = chroma[CELLS + at]! - 128;
    cells.red[at] = within(y + 1.402 * cr);
    cells.green[at] = within(y - 0.344136 * cb - 0.714136 * cr);
    cells.blue[at] = within(y + 1.772 * cb);
    writeLab(cells, at);
  }
  return cells;
}

/** The same cells with each colour changed: `change` answers sRGB of 0 to 255, whatever lies outside is clipped. */
export function recolouredCells(cells: ColourCells, change: (rgb: Rgb) => Rgb): ColourCells {
  const plane = () => new Float32Array(CELLS);
  const out = { red: plane(), green: plane(), blue: plane(), l: plane(), a: plane(), b: plane() };
  for (let at = 0; at < CELLS; at++) {
    const [red, green, blue] = change([cells.red[at]!, cells.green[at]!, cells.blue[at]!]);
    out.red[at] = within(red);
    out.green[at] = within(green);
    out.blue[at] = within(blue);
    writeLab(out, at);
  }
  return out;
}

/** IEC 61966-2-1 to XYZ, divided by the D65 white, to L*a*b*. */
function writeLab(cells: ColourCells, at: number): void {
  const red = linear(cells.red[at]!);
  const green = linear(cells.green[at]!);
  const blue = linear(cells.blue[at]!);
  const fx = labRoot((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const fy = labRoot(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const fz = labRoot((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  cells.l[at] = 116 * fy - 16;
  cells.a[at] = 500 * (fx - fy);
  cells.b[at] = 200 * (fy - fz);
}

function meanOfCell(luma: ArrayLike<number>, at: number): number {
  const top = Math.floor(at / CELL_SIDE) * STEP;
  const left = (at % CELL_SIDE) * STEP;
  let sum = 0;
  for (let y = top; y < top + STEP; y++) {
    for (let x = left; x < left + STEP; x++) sum += luma[y * LUMA_SIDE + x]!;
  }
  return sum / (STEP * STEP);
}

function within(value: number): number {
  return Math.min(255, Math.max(0, value));
}

/** sRGB of 0 to 255 to linear light of 0 to 1. */
export function linear(value: number): number {
  return srgbLight(value / 255);
}
