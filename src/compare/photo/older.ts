import type { PhotoSignature } from "../../model/photo.js";
import { alignTo } from "./align.js";
import { highPass64, boxMean, LUMA_SIDE } from "./high-pass.js";
import { dot, Fit } from "./least-squares.js";
import { textureChange } from "./texture.js";
import { THRESHOLDS } from "./thresholds.js";

const PIXELS = LUMA_SIDE * LUMA_SIDE;
const LAST = LUMA_SIDE - 1;
/** Radius of the mean that takes light and backdrop out of a difference. */
const WIDE = 6;
/** Share of the local range by which encoding and resampling differ at edges. */
const OF_RANGE = 0.05;
/** The area of a change: the strongest pixels of 4,096. */
const STRONGEST = 40;

/** How two versions of one portrait differ. */
export interface Revision {
  /** The older version, laid under the newer one. */
  readonly older: Float32Array;
  /** What was changed: grey levels of newer less older, after all that is of the whole. */
  readonly changed: Float32Array;
}

/**
 * What was retouched between two versions of one master: smoothed skin, lighter eyes, a name in a corner. Null where they are the same picture, however it was
 * saved. Both are masters, so no service stands between them, and the limits are a third of those of a rendition.
 */
export function revisionOf(older: PhotoSignature, newer: PhotoSignature): Revision | null {
  const aligned = alignTo(older.luma, highPass64(newer.luma));
  const revision = { older: new Float32Array(aligned), changed: changedBetween(aligned, newer.luma) };
  const fine = textureChange(older.texture, newer.texture) ?? 0;
  const limits = THRESHOLDS.revised[aligned === older.luma ? "inPlace" : "slipped"];
  return fine >= limits.texture || strengthOf(revision, newer.luma) >= limits.strength ? revision : null;
}

/**
 * Does a rendition show the older version rather than the newer one? The share of the change that it shows is asked for: near 0 it is the older one, near 1 the
 * newer one. False where that cannot be told for certain.
 */
export function showsOlder({ older, changed }: Revision, rendition: PhotoSignature): boolean {
  if (Math.max(rendition.width, rendition.height) < THRESHOLDS.revised.fromSide) return false;
  const difference = without(minus(rendition.luma, older), WIDE);
  const fit = new Fit([...ofTheWhole(older), changed]);
  const weights = fit.weights(difference);
  const share = weights.at(-1)!;
  const left = minus(difference, fit.sum(weights));
  const error = Math.sqrt(dot(left, left) / PIXELS / Math.max(1, dot(changed, changed)));
  return share + THRESHOLDS.revised.errors * error < 0.5;
}

function changedBetween(older: Uint8Array, newer: Uint8Array): Float32Array {
  const before = new Float32Array(older);
  const difference = without(minus(newer, before), WIDE);
  const fit = new Fit(ofTheWhole(before));
  const first = minus(difference, nearest(fit, difference));
  // A change of a part must not speak for the whole: what is far off is taken in only so far.
  const most = (2 * first.reduce((sum, value) => sum + Math.abs(value), 0)) / PIXELS;
  const bounded = difference.map((value, at) => value - first[at]! + Math.max(-most, Math.min(most, first[at]!)));
  return minus(difference, nearest(fit, bounded));
}

function nearest(fit: Fit, picture: Float32Array): Float32Array {
  return fit.sum(fit.weights(picture));
}

/** Grey levels by which the strongest patches of 3x3 differ beyond what saving anew does at edges. */
function strengthOf({ older, changed }: Revision, newer: Uint8Array): number {
  const ranges = [rangeOf(older), rangeOf(new Float32Array(newer))];
  const beyond = changed.map((value, at) => {
    const allowed = OF_RANGE * Math.max(...ranges.map((range) => range[at]!));
    return Math.sign(value) * Math.max(0, Math.abs(value) - allowed);
  });
  const patches = boxMean(beyond, LUMA_SIDE, 1).map(Math.abs).sort();
  return patches.subarray(-STRONGEST).reduce((sum, value) => sum + value, 0) / STRONGEST;
}

/** What happens to all of a picture: contrast, sharpening and blur at two widths, a slip and a scaling of the frame. */
function ofTheWhole(picture: Float32Array): readonly Float32Array[] {
  return [without(picture, WIDE), without(picture, 2), without(picture, 1), ...slips(picture)];
}

function without(picture: Float32Array, radius: number): Float32Array {
  return minus(picture, boxMean(picture, LUMA_SIDE, radius));
}

function minus(a: ArrayLike<number>, b: ArrayLike<number>): Float32Array {
  const out = new Float32Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) out[at] = a[at]! - b[at]!;
  return out;
}

/** What a shift to the right, one down, and an enlargement about the middle change, in first order. */
function slips(picture: Float32Array): readonly Float32Array[] {
  const [across, down, scaled] = [new Float32Array(PIXELS), new Float32Array(PIXELS), new Float32Array(PIXELS)];
  for (let y = 0, at = 0; y < LUMA_SIDE; y++) {
    const [above, here, below] = [Math.max(0, y - 1), y, Math.min(LAST, y + 1)].map((row) => row * LUMA_SIDE) as [
      number,
      number,
      number,
    ];
    for (let x = 0; x < LUMA_SIDE; x++, at++) {
      across[at] = (picture[here + Math.min(LAST, x + 1)]! - picture[here + Math.max(0, x - 1)]!) / 2;
      down[at] = (picture[below + x]! - picture[above + x]!) / 2;
      scaled[at] = ((x - LAST / 2) * across[at]! + (y - LAST / 2) * down[at]!) / (LUMA_SIDE / 2);
    }
  }
  return [across, down, scaled];
}

/** Greatest less least of each pixel and the eight around it. */
function rangeOf(picture: Float32Array): Float32Array {
  const [low, high] = [extreme(picture, Math.min), extreme(picture, Math.max)];
  return minus(high, low);
}

function extreme(picture: Float32Array, of: (a: number, b: number) => number): Float32Array {
  const across = new Float32Array(PIXELS);
  const out = new Float32Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) {
    const x = at % LUMA_SIDE;
    across[at] = of(of(picture[x > 0 ? at - 1 : at]!, picture[x < LAST ? at + 1 : at]!), picture[at]!);
  }
  for (let at = 0; at < PIXELS; at++) {
    const above = at >= LUMA_SIDE ? at - LUMA_SIDE : at;
    const below = at + LUMA_SIDE < PIXELS ? at + LUMA_SIDE : at;
    out[at] = of(of(across[above]!, across[below]!), across[at]!);
  }
  return out;
}
