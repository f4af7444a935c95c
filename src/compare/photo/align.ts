import { CELL_SIDE, CELLS } from "./cells.js";
import { correlation } from "./correlate.js";
import { type HighPassed, highPass64, LUMA_SIDE } from "./high-pass.js";
import { prepare } from "./likeness.js";

/** A slip of the frame: shift in cells of the 64x64 luma, and enlargement about the middle. */
interface Slip {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const NONE: Slip = { x: 0, y: 0, scale: 1 };
/** About 1 % of the frame, half a pixel at 48 px: what decoders and croppers lose by rounding, and no more. */
const MAX_SHIFT = 0.7;
const MAX_SCALE = 0.008;
const MAX_ROUNDS = 4;

/**
 * The 64x64 reference, slipped so that it lies best under the rendition. A JPEG decoded at an eighth has whole pixels only, and so has
 * a crop of a thumbnail: renditions of masters that are not square lie up to half a pixel off.
 * @param rendition its 64x64 high-passed form
 */
export function alignTo(reference: Uint8Array, rendition: HighPassed): Uint8Array {
  return slipped(reference, LUMA_SIDE, slipOf(reference, rendition));
}

/** The planes of a reference, slipped as its luma lies best under the rendition's; null where that is no slip of the frame. */
export function alignPlanes({ luma, cells }: Planes, rendition: { readonly luma: Uint8Array }): Planes | null {
  const shown = prepare(rendition.luma).large;
  const slip = slipOf(luma, shown);
  const aligned = slipped(luma, LUMA_SIDE, slip);
  if (!hasSlipped(luma, aligned, shown)) return null;
  const planes = Array.from({ length: cells.length / CELLS }, (_, at) => cells.subarray(at * CELLS, (at + 1) * CELLS));
  return { luma: aligned, cells: Buffer.concat(planes.map((plane) => slipped(plane, CELL_SIDE, slip))) };
}

/** 64x64 luma, and planes of 16x16 cells one after the other: chroma or texture. */
export interface Planes {
  readonly luma: Uint8Array;
  readonly cells: Uint8Array;
}

/** What was found for a reference: its shape, its colours and its texture are aligned to one rendition. */
const slips = new WeakMap<Uint8Array, { readonly rendition: HighPassed; readonly slip: Slip }>();

function slipOf(reference: Uint8Array, rendition: HighPassed): Slip {
  const known = slips.get(reference);
  if (known?.rendition === rendition) return known.slip;
  const slip = searchSlip(reference, rendition);
  slips.set(reference, { rendition, slip });
  return slip;
}

function searchSlip(reference: Uint8Array, rendition: HighPassed): Slip {
  let best = NONE;
  let bestScore = correlation(prepare(reference).large, rendition);
  for (let step = MAX_SHIFT / 2; step >= MAX_SHIFT / 8; step /= 2) {
    for (let improved = true, round = 0; improved && round < MAX_ROUNDS; round++) {
      improved = false;
      for (const next of neighbours(best, step)) {
        const score = correlation(highPass64(slipped(reference, LUMA_SIDE, next)), rendition);
        if (score <= bestScore + 1e-5) continue;
        best = next;
        bestScore = score;
        improved = true;
      }
    }
  }
  return best;
}

/** A slip of the frame, undone, leaves at most so much of what two pictures differ by; retouching of a part leaves seven tenths and more. */
const LEFT_BY_SLIP = 0.6;

/** Whether what `alignTo` found is a slip of the frame, rather than the best of many slips for pictures that differ otherwise. */
function hasSlipped(reference: Uint8Array, aligned: Uint8Array, rendition: HighPassed): boolean {
  if (aligned === reference) return false;
  const left = 1 - correlation(highPass64(aligned), rendition);
  return left < LEFT_BY_SLIP * (1 - correlation(prepare(reference).large, rendition));
}

function neighbours({ x, y, scale }: Slip, step: number): readonly Slip[] {
  const stretch = (MAX_SCALE * step) / MAX_SHIFT;
  return [
    { x: x + step, y, scale },
    { x: x - step, y, scale },
    { x, y: y + step, scale },
    { x, y: y - step, scale },
    { x, y, scale: scale + stretch },
    { x, y, scale: scale - stretch },
  ].filter(
    (slip) => Math.max(Math.abs(slip.x), Math.abs(slip.y)) <= MAX_SHIFT && Math.abs(slip.scale - 1) <= MAX_SCALE,
  );
}

/** Bilinear; beyond the border the edge is repeated. @param side of the plane, which shows the whole frame; the plane itself where nothing slipped */
function slipped(plane: Uint8Array, side: number, slip: Slip): Uint8Array {
  if (slip === NONE) return plane;
  const { scale } = slip;
  const [x, y] = [(slip.x * side) / LUMA_SIDE, (slip.y * side) / LUMA_SIDE];
  const last = side - 1;
  const middle = last / 2;
  const out = new Uint8Array(plane.length);
  for (let row = 0; row < side; row++) {
    const v = Math.min(last, Math.max(0, middle + (row - middle) * scale + y));
    const top = Math.floor(v);
    const upper = top * side;
    const lower = Math.min(last, top + 1) * side;
    const fy = v - top;
    for (let column = 0; column < side; column++) {
      const u = Math.min(last, Math.max(0, middle + (column - middle) * scale + x));
      const left = Math.floor(u);
      const right = Math.min(last, left + 1);
      const fx = u - left;
      const above = plane[upper + left]! * (1 - fx) + plane[upper + right]! * fx;
      const below = plane[lower + left]! * (1 - fx) + plane[lower + right]! * fx;
      out[row * side + column] = above * (1 - fy) + below * fy + 0.5;
    }
  }
  return out;
}
