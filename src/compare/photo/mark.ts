import type { PhotoSignature } from "../../model/photo.js";
import { CELL_SIDE } from "./cells.js";
import { boxMean, LUMA_SIDE } from "./high-pass.js";
import { Fit } from "./least-squares.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

const PIXELS = LUMA_SIDE * LUMA_SIDE;
const LAST = LUMA_SIDE - 1;
/** Radius of the mean that takes light and backdrop out of a difference. */
const WIDE = 6;
/** Shares of the local range of luma, and of the chroma, that encoding may differ by. */
const OF_RANGE = 0.1;
const OF_CHROMA = 0.06;
/** The area that a mark fills at least: pixels of 4,096. */
const STRONGEST = 40;
/** So many pixels differ by twice the limit under each mark that reaches it: without them no closer look is worth its time. */
const LEAST = 20;
/** What is no mark reaches so much in a quarter of the picture. */
const BULK = 3 / 4;
/** Steps of the count of strengths: a thirty-second of a grey level, up to 128. */
const STEPS = 32;
const MOST = 128 * STEPS - 1;

/** A mark that was looked for. */
export interface JudgedMark {
  /** Grey levels by those of the bulk; 0 where so little differs that nothing can lie over the picture. */
  readonly strength: number;
  readonly marked: boolean;
}

/**
 * Text, a logo or the like laid over a picture whose reference lies in the same frame. Its strength is the luma by which the strongest 40 of 64x64
 * pixels differ, each with those around it, by that of the bulk. First all is taken out that scaling, sharpening, blurring, contrast, a slip of
 * the frame and light can have done to the whole, then what encoding does at edges and in strong colours.
 * @param side longer side of the rendition
 */
export function judgeMark(reference: PhotoSignature, rendition: PhotoSignature, side: number): JudgedMark {
  const limit = forSide(THRESHOLDS.marked, side).strength;
  const strength = markStrength(reference, rendition, limit);
  return { strength, marked: strength > limit };
}

function markStrength(reference: PhotoSignature, rendition: PhotoSignature, limit: number): number {
  const before = new Float32Array(reference.luma);
  const difference = new Float32Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) difference[at] = rendition.luma[at]! - before[at]!;
  if (!differsSomewhere(difference, limit)) return 0;
  const left = unexplained(before, without(difference, WIDE));
  const allowed = allowance(before, reference.chroma);
  for (let at = 0; at < PIXELS; at++) {
    const excess = Math.max(0, Math.abs(left[at]!) - allowed[at]!);
    left[at] = left[at]! > 0 ? excess : -excess;
  }
  return strongest(boxMean(left, LUMA_SIDE, 1));
}

function differsSomewhere(difference: Float32Array, limit: number): boolean {
  let mean = 0;
  for (let at = 0; at < PIXELS; at++) mean += difference[at]!;
  mean /= PIXELS;
  let count = 0;
  for (let at = 0; at < PIXELS; at++) if (Math.abs(difference[at]! - mean) >= 2 * limit) count++;
  return count >= LEAST;
}

/** What is left of a difference after contrast, sharpening and blur at two widths, and a slip and scaling of the frame. */
function unexplained(before: Float32Array, difference: Float32Array): Float32Array {
  const fit = new Fit([without(before, WIDE), without(before, 2), without(before, 1), ...slips(before)]);
  const first = fit.nearest(difference);
  let error = 0;
  for (let at = 0; at < PIXELS; at++) error += Math.abs(difference[at]! - first[at]!);
  // A mark must not speak for the whole: what is far off is taken in only so far.
  const most = (2 * error) / PIXELS;
  const bounded = first.map((value, at) => value + Math.max(-most, Math.min(most, difference[at]! - value)));
  const explained = fit.nearest(bounded);
  for (let at = 0; at < PIXELS; at++) explained[at] = difference[at]! - explained[at]!;
  return explained;
}

function without(picture: Float32Array, radius: number): Float32Array {
  const out = boxMean(picture, LUMA_SIDE, radius);
  for (let at = 0; at < PIXELS; at++) out[at] = picture[at]! - out[at]!;
  return out;
}

/** What a shift to the right, one down, and an enlargement about the middle change, in first order. */
function slips(before: Float32Array): readonly Float32Array[] {
  const [across, down, scaled] = [new Float32Array(PIXELS), new Float32Array(PIXELS), new Float32Array(PIXELS)];
  for (let y = 0, at = 0; y < LUMA_SIDE; y++) {
    const [above, below] = [Math.max(0, y - 1) * LUMA_SIDE, Math.min(LAST, y + 1) * LUMA_SIDE];
    for (let x = 0; x < LUMA_SIDE; x++, at++) {
      const row = y * LUMA_SIDE;
      across[at] = (before[row + Math.min(LAST, x + 1)]! - before[row + Math.max(0, x - 1)]!) / 2;
      down[at] = (before[below + x]! - before[above + x]!) / 2;
      scaled[at] = ((x - LAST / 2) * across[at]! + (y - LAST / 2) * down[at]!) / (LUMA_SIDE / 2);
    }
  }
  return [across, down, scaled];
}

/** By how much encoding may change each pixel: edges and strong colours more. */
function allowance(before: Float32Array, chroma: Uint8Array | undefined): Float32Array {
  const [low, high] = [extreme(before, Math.min), extreme(before, Math.max)];
  const step = LUMA_SIDE / CELL_SIDE;
  const cells = CELL_SIDE * CELL_SIDE;
  const strong = new Float32Array(cells);
  if (chroma !== undefined) {
    for (let at = 0; at < cells; at++)
      strong[at] = OF_CHROMA * Math.hypot(chroma[at]! - 128, chroma[cells + at]! - 128);
  }
  for (let at = 0; at < PIXELS; at++) {
    const cell = Math.floor(at / LUMA_SIDE / step) * CELL_SIDE + Math.floor((at % LUMA_SIDE) / step);
    low[at] = OF_RANGE * (high[at]! - low[at]!) + strong[cell]!;
  }
  return low;
}

/** The least or greatest of each pixel and the eight around it. */
function extreme(picture: Float32Array, of: (a: number, b: number) => number): Float32Array {
  const across = new Float32Array(PIXELS);
  const out = new Float32Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) {
    const x = at % LUMA_SIDE;
    const left = x > 0 ? picture[at - 1]! : picture[at]!;
    const right = x < LAST ? picture[at + 1]! : picture[at]!;
    across[at] = of(of(left, right), picture[at]!);
  }
  for (let at = 0; at < PIXELS; at++) {
    const above = at >= LUMA_SIDE ? across[at - LUMA_SIDE]! : across[at]!;
    const below = at + LUMA_SIDE < PIXELS ? across[at + LUMA_SIDE]! : across[at]!;
    out[at] = of(of(above, below), across[at]!);
  }
  return out;
}

/** Mean of the strongest pixels, sign apart, by one and what the bulk reaches. */
function strongest(patches: Float32Array): number {
  const counts = new Uint16Array(MOST + 1);
  for (let at = 0; at < PIXELS; at++) counts[Math.min(MOST, Math.floor(Math.abs(patches[at]!) * STEPS))]!++;
  let [sum, taken, step] = [0, 0, MOST];
  for (; taken < STRONGEST; step--) {
    const here = Math.min(STRONGEST - taken, counts[step]!);
    sum += here * step;
    taken += here;
  }
  let [bulk, below] = [0, counts[0]!];
  while (below <= BULK * PIXELS) below += counts[++bulk]!;
  return sum / STRONGEST / STEPS / (1 + bulk / STEPS);
}
