import { CELL_SIDE, CELLS } from "./cells.js";
import { medianOf } from "./order.js";

/** Steps of the code to a doubling of amplitude: it counts 16 to a doubling of energy. */
const OCTAVE = 32;
/** Places whose mean is the measure: what is smaller is one blemish or one block of a JPEG. */
const STRONGEST = 6;

/**
 * How fine detail changed in a part against the whole, in octaves of amplitude: 1 is twice or half. It tells what was smoothed, sharpened, removed or written
 * over where the colours of cells tell nothing. What depends on how much detail there was is no part's: compression takes the weak, sharpening raises
 * the strong. Then means of 3x3 cells, sign and all, the strongest few of them. Null where the texture of either is not known.
 */
export function textureChange(before: Uint8Array | undefined, after: Uint8Array | undefined): number | null {
  if (before === undefined || after === undefined) return null;
  for (let cell = 0; cell < CELLS; cell++) {
    detail[cell] = before[cell]! / OCTAVE;
    change[cell] = (after[cell]! - before[cell]!) / OCTAVE;
  }
  takeTrend();
  return strongest();
}

/** Of each cell while two pictures are compared: how much detail there was, how it changed, how far that is off the line, the weight, and room to sort. */
const detail = new Float32Array(CELLS);
const change = new Float32Array(CELLS);
const off = new Float32Array(CELLS);
const weights = new Float32Array(CELLS);
const sizes = new Float32Array(CELLS);

/** Rounds after which weights of far-off cells no longer move the line. */
const ROUNDS = 4;
/** Octaves that every cell may be off. */
const TOLERANCE = 0.02;
const SLOPES = [-0.4, 0.5] as const;

/** Leaves what is off the line that most cells lie on: change by how much detail there was. */
function takeTrend(): void {
  weights.fill(1);
  for (let round = 0; round < ROUNDS; round++) {
    const { at, slope } = lineThrough(detail, change, weights);
    for (let cell = 0; cell < CELLS; cell++) {
      off[cell] = change[cell]! - at - slope * detail[cell]!;
      sizes[cell] = Math.abs(off[cell]!);
    }
    const usual = medianOf(sizes, CELLS) + TOLERANCE;
    for (let cell = 0; cell < CELLS; cell++) weights[cell] = weightOf(Math.abs(off[cell]!) / usual);
  }
}

function weightOf(times: number): number {
  if (times < 2) return 1;
  return times > 4 ? 0 : 2 / times;
}

function lineThrough(
  x: Float32Array,
  y: Float32Array,
  weights: Float32Array,
): { readonly at: number; readonly slope: number } {
  let [sum, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell < CELLS; cell++) {
    const weight = weights[cell]!;
    sum += weight;
    sumX += weight * x[cell]!;
    sumY += weight * y[cell]!;
    sumXX += weight * x[cell]! * x[cell]!;
    sumXY += weight * x[cell]! * y[cell]!;
  }
  // One squared octave more: a picture of even detail has no slope.
  const slope = (sumXY - (sumX * sumY) / sum) / (sumXX - (sumX * sumX) / sum + 1);
  const bounded = Math.min(SLOPES[1], Math.max(SLOPES[0], slope));
  return { at: (sumY - bounded * sumX) / sum, slope: bounded };
}

const INNER = CELL_SIDE - 2;
const means = new Float32Array(INNER * INNER);

function strongest(): number {
  for (let place = 0; place < means.length; place++) {
    const first = Math.floor(place / INNER) * CELL_SIDE + (place % INNER);
    let sum = 0;
    for (let row = first; row <= first + 2 * CELL_SIDE; row += CELL_SIDE)
      sum += off[row]! + off[row + 1]! + off[row + 2]!;
    means[place] = Math.abs(sum / 9);
  }
  means.sort();
  return means.subarray(-STRONGEST).reduce((sum, value) => sum + value, 0) / STRONGEST;
}
