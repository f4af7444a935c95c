import { BLOCK, ORDER, RANKS, type Levels } from "../../../src/state/pixels/waves.js";

/** Numbers that tell how large a level may be: sizes to the left and above, of seven coarser waves, and the slope of means. */
export const FEATURES = 9;
const STEEPEST = 48;

/** Levels of a plane as far as they are known, and their sizes. */
export interface Known {
  readonly levels: Levels;
  /** Of waves; those of rank 0, the means, are left at 0. */
  readonly sizes: Uint16Array;
  /** Blocks in a row. */
  readonly across: number;
}

/** Ranks of waves of the same block that are coarser, or as coarse and known before; 0 where there is none. */
const COARSER_STEPS = [
  [-1, 0],
  [0, -1],
  [-1, -1],
  [-2, 0],
  [0, -2],
  [1, -1],
  [2, -2],
] as const;
const COARSER = Uint8Array.from(
  Array.from(ORDER).flatMap((at) =>
    COARSER_STEPS.map(([across, down]) => {
      const [x, y] = [(at % BLOCK) + across, Math.floor(at / BLOCK) + down];
      return x < 0 || y < 0 || x >= BLOCK ? 0 : RANKS[y * BLOCK + x]!;
    }),
  ),
);

/**
 * Writes into `features` what stands around the level of a rank in a block: sizes of the same wave to the left and above (at an edge the other
 * one, in the corner what coarser waves have), sizes of coarser waves of this block, those of one diagonal together, and how steep the means are.
 * @param slope of `slopeOf`
 */
export function lookAround(
  { sizes, across }: Known,
  rank: number,
  block: number,
  slope: number,
  features: Int32Array,
): void {
  const blocks = across * across;
  const at = rank * blocks + block;
  const from = rank * COARSER_STEPS.length;
  const c0 = sizes[COARSER[from]! * blocks + block]!;
  const c1 = sizes[COARSER[from + 1]! * blocks + block]!;
  features[2] = c0;
  features[3] = c1;
  features[4] = sizes[COARSER[from + 2]! * blocks + block]!;
  features[5] = sizes[COARSER[from + 3]! * blocks + block]!;
  features[6] = sizes[COARSER[from + 4]! * blocks + block]!;
  features[7] = sizes[COARSER[from + 5]! * blocks + block]! + sizes[COARSER[from + 6]! * blocks + block]!;
  const hasLeft = block % across > 0;
  if (block >= across) {
    const above = sizes[at - across]!;
    features[0] = hasLeft ? sizes[at - 1]! : above;
    features[1] = above;
  } else {
    const left = hasLeft ? sizes[at - 1]! : (c0 + c1) >> 2;
    features[0] = left;
    features[1] = left;
  }
  const steep = (slope < 0 ? -slope : slope) >> 2;
  features[8] = steep < STEEPEST ? steep : STEEPEST;
}

/**
 * How the means fall over the block, in the direction of its rank: the first waves go along with it. Twice the difference at an edge, where the
 * block's own mean stands in for the one outside; 0 for finer waves.
 */
export function slopeOf({ levels, across }: Known, rank: number, block: number): number {
  if (rank > 2) return 0;
  const step = rank === 1 ? 1 : across;
  const place = rank === 1 ? block % across : Math.floor(block / across);
  const before = place > 0 ? block - step : block;
  const after = place < across - 1 ? block + step : block;
  const fall = levels[before]! - levels[after]!;
  return after - before === 2 * step ? fall : 2 * fall;
}

/** The mean of a block by those to the left and above, and how much means change there; `change` is -1 at an edge. */
interface ExpectedMean {
  readonly mean: number;
  readonly change: number;
}

/** @param first what stands in for the means of the first block */
export function expectedMean({ levels, across }: Known, block: number, first: number): ExpectedMean {
  const hasLeft = block % across > 0;
  if (block < across) return { mean: hasLeft ? levels[block - 1]! : first, change: -1 };
  const above = levels[block - across]!;
  if (!hasLeft) return { mean: above, change: -1 };
  const left = levels[block - 1]!;
  const corner = levels[block - across - 1]!;
  // As lossless JPEG does: the plane through the three, or the nearer one at a contour.
  const [least, most] = left < above ? [left, above] : [above, left];
  const plane = corner >= most ? least : corner <= least ? most : left + above - corner;
  return { mean: (2 * plane + left + above + 2) >> 2, change: Math.abs(left - corner) + Math.abs(above - corner) };
}
