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
  let best: Scored = { ...WHOLE_FRAME, score: -1 };
  const cells = whole.side;
  numbers.set(whole.cells, WHOLE_AT / NUMBER);
  for (let top = -OVERHANG; top <= cells - SIDE + OVERHANG; top++) {
    for (let left = -OVERHANG; left <= cells - SIDE + OVERHANG; left++) {
      const score = shiftedCorrelation(whole, part, left, top);
      if (score <= best.score) continue;
      best = { scale: SIDE / cells, x: (left + SIDE / 2) / cells, y: (top + SIDE / 2) / cells, score };
    }
  }
  return best;
}

/** Correlation of `part` with the cells of `whole` under it, both in the module's memory, the part's corner lying at (left, top). */
function shiftedCorrelation(whole: Grid, part: Grid, left: number, top: number): number {
  const [x0, x1] = [Math.max(0, -left), Math.min(SIDE, whole.side - left)];
  const [y0, y1] = [Math.max(0, -top), Math.min(SIDE, whole.side - top)];
  const n = (x1 - x0) * (y1 - y0);
  if (n < MIN_OVERLAP * SIDE * SIDE) return -1;
  const over = WHOLE_AT + NUMBER * ((y0 + top) * whole.side + x0 + left);
  const beneath = PART_AT + NUMBER * (y0 * SIDE + x0);
  const common = shifts.common(over, beneath, x1 - x0, y1 - y0, NUMBER * whole.side, NUMBER * SIDE);
  const under = { x0: x0 + left, x1: x1 + left, y0: y0 + top, y1: y1 + top };
  const own = { x0, x1, y0, y1 };
  return pearson({
    n,
    sa: within(whole.sums, whole.side, under),
    sb: within(part.sums, SIDE, own),
    saa: within(whole.squares, whole.side, under),
    sbb: within(part.squares, SIDE, own),
    sab: common,
  });
}

interface Rectangle {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

function within(sums: Float64Array, side: number, { x0, x1, y0, y1 }: Rectangle): number {
  const line = side + 1;
  return sums[y1 * line + x1]! - sums[y0 * line + x1]! - sums[y1 * line + x0]! + sums[y0 * line + x0]!;
}
