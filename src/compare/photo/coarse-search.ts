import { highPass } from "./high-pass.js";
import { pearson, type Placement, sample, WHOLE_FRAME } from "./sampling.js";
import { createShiftsModule } from "./shifts-module.js";

export interface Scored extends Placement {
  readonly score: number;
}

/** Cells of the part's side, and the radius of its high-pass. */
const SIDE = 24;
const RADIUS = 3;
/** Cells of the whole's side: windows of 100, 92, 86, 80, 73, 67 and 60 % of the frame. */
const WHOLES = [24, 26, 28, 30, 33, 36, 40] as const;
/** Cells that a window may hang over the edge. */
const OVERHANG = 3;
/** Least share of the part's area that both pictures must show. */
const MIN_OVERLAP = 0.6;

/** High-passed cells with running sums, so that the mean and energy of any rectangle cost four reads. */
interface Grid {
  readonly side: number;
  readonly cells: Float32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Pictures are compared several times, with several references: their grids are kept as long as their luma. */
const known = new WeakMap<Uint8Array, readonly Grid[]>();

/** The module's memory in numbers, and where the cells of the part and of the whole lie in it, in bytes. */
const shifts = createShiftsModule();
const numbers = new Float64Array(shifts.memory.buffer);
const NUMBER = 8;
const PART_AT = 0;
const WHOLE_AT = SIDE * SIDE * NUMBER;

/** Every shift by whole cells at seven scales of `part` over `whole` (64x64 luma); the best placement of each scale, best first. */
export function coarseSearch(whole: Uint8Array, part: Uint8Array): readonly Scored[] {
  const target = gridsOf(part)[0]!;
  numbers.set(target.cells, PART_AT / NUMBER);
  const found = gridsOf(whole).map((grid) => bestShift(grid, target));
  return found.sort((p, q) => q.score - p.score);
}

function gridsOf(luma: Uint8Array): readonly Grid[] {
  const grids =
    known.get(luma) ?? WHOLES.map((side) => gridOf(highPass(sample(luma, WHOLE_FRAME, side), side, RADIUS), side));
  known.set(luma, grids);
  return grids;
}

function gridOf(cells: Float32Array, side: number): Grid {
  const line = side + 1;
  const sums = new Float64Array(line * line);
  const squares = new Float64Array(line * line);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = cells[y * side + x]!;
      const at = (y + 1) * line + x + 1;
      sums[at] = value + sums[at - 1]! + sums[at - line]! - sums[at - line - 1]!;
      squares[at] = value * value + squares[at - 1]! + squares[at - line]! - squares[at - line - 1]!;
    }
  }
  return { side, cells, sums, squares };
}

function bestShift(whole: Grid, part: Grid): Scored {
  const cells = whole.side;
  let best = -1;
  let at: readonly [left: number, top: number] | null = null;
  numbers.set(whole.cells, WHOLE_AT / NUMBER);
  for (let top = -OVERHANG; top <= cells - SIDE + OVERHANG; top++) {
    for (let left = -OVERHANG; left <= cells - SIDE + OVERHANG; left++) {
      const score = shiftedCorrelation(whole, part, left, top);
      if (score <= best) continue;
      best = score;
      at = [left, top];
    }
  }
  if (at === null) return { ...WHOLE_FRAME, score: -1 };
  const [left, top] = at;
  return { scale: SIDE / cells, x: (left + SIDE / 2) / cells, y: (top + SIDE / 2) / cells, score: best };
}

/** Correlation of `part` with the cells of `whole` under it, both in the module's memory, the part's corner lying at (left, top). */
function shiftedCorrelation(whole: Grid, part: Grid, left: number, top: number): number {
  const x0 = Math.max(0, -left);
  const y0 = Math.max(0, -top);
  const width = Math.min(SIDE, whole.side - left) - x0;
  const height = Math.min(SIDE, whole.side - top) - y0;
  const n = width * height;
  if (n < MIN_OVERLAP * SIDE * SIDE) return -1;
  const over = WHOLE_AT + NUMBER * ((y0 + top) * whole.side + x0 + left);
  const beneath = PART_AT + NUMBER * (y0 * SIDE + x0);
  const sab = shifts.common(over, beneath, width, height, NUMBER * whole.side, NUMBER * SIDE);
  // The corners of both rectangles among the running sums.
  const wholeLine = whole.side + 1;
  const under = (y0 + top) * wholeLine + x0 + left;
  const partLine = SIDE + 1;
  const own = y0 * partLine + x0;
  const sa = within(whole.sums, wholeLine, under, width, height);
  const sb = within(part.sums, partLine, own, width, height);
  const saa = within(whole.squares, wholeLine, under, width, height);
  const sbb = within(part.squares, partLine, own, width, height);
  return pearson(saa - (sa * sa) / n, sbb - (sb * sb) / n, sab - (sa * sb) / n);
}

/** @param corner the left top one of a rectangle */
function within(sums: Float64Array, line: number, corner: number, width: number, height: number): number {
  const below = corner + height * line;
  return sums[below + width]! - sums[corner + width]! - sums[below]! + sums[corner]!;
}
