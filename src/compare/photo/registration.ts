import { highPass, LUMA_SIDE } from "./high-pass.js";

/**
 * Where a picture lies in another: a window of `scale` of the frame's side whose middle is at (x, y), in shares of the frame.
 * A window may hang over the edge; only what both pictures show is compared.
 */
interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Scored extends Placement {
  readonly score: number;
}

/** Least share of the area that both pictures must show. */
const MIN_OVERLAP = 0.6;
/** Cells of the part's side in both searches, and the radius of the high-pass there. */
const COARSE = { side: 24, radius: 3 } as const;
const FINE = { side: 48, radius: 4 } as const;
/** Cells of the whole's side in the coarse search: windows of 100, 92, 86, 80, 73, 67 and 60 % of the frame. */
const COARSE_WHOLES = [24, 26, 28, 30, 33, 36, 40] as const;
/** Cells that a window may hang over the edge. */
const OVERHANG = 3;
/** True crops score at least 0.73 in the coarse search and gain from the first climb (README.md): the rest is spared. */
const COARSE_FLOOR = 0.7;
const FIRST_CLIMB_FLOOR = 0.7;
/** Starts of the fine search: this many at most, none far below the best. */
const STARTS = 3;
const START_MARGIN = 0.08;

/**
 * The best high-passed correlation of two 64x64 pictures over crops down to 60 % and shifts, in both directions (either may show
 * more than the other). -1 to 1; below the coarse floor it is the coarse score.
 */
export function registrationScore(a: Uint8Array, b: Uint8Array): number {
  return Math.max(searchWindow(a, b), searchWindow(b, a));
}

/** Best match of the whole of `part` with a window of `whole`. */
function searchWindow(whole: Uint8Array, part: Uint8Array): number {
  const starts = coarseSearch(whole, part);
  const best = starts[0]?.score ?? -1;
  if (best < COARSE_FLOOR) return best;
  const fine = createScorer(whole, part, FINE.side, FINE.radius);
  return Math.max(...starts.map((start) => climb(start, fine)));
}

/** Every shift by whole cells at seven scales; the best placement of each scale, best first. */
function coarseSearch(whole: Uint8Array, part: Uint8Array): readonly Scored[] {
  const { side, radius } = COARSE;
  const frame = { scale: 1, x: 0.5, y: 0.5 };
  const target = highPass(sample(part, frame, side), side, radius);
  const found = COARSE_WHOLES.map((cells) => {
    const picture = highPass(sample(whole, frame, cells), cells, radius);
    let best: Scored = { ...frame, score: -1 };
    for (let top = -OVERHANG; top <= cells - side + OVERHANG; top++) {
      for (let left = -OVERHANG; left <= cells - side + OVERHANG; left++) {
        const score = shiftedCorrelation(picture, cells, left, top, target, side);
        if (score <= best.score) continue;
        best = { scale: side / cells, x: (left + side / 2) / cells, y: (top + side / 2) / cells, score };
      }
    }
    return best;
  });
  found.sort((p, q) => q.score - p.score);
  const floor = found[0]!.score - START_MARGIN;
  return found.slice(0, STARTS).filter(({ score }) => score >= floor);
}

/** Correlation of `part` with the cells of `whole` under it, the part's corner lying at (left, top). */
function shiftedCorrelation(
  whole: Float32Array,
  cells: number,
  left: number,
  top: number,
  part: Float32Array,
  side: number,
): number {
  let [sa, sb, saa, sbb, sab, n] = [0, 0, 0, 0, 0, 0];
  const [x0, x1] = [Math.max(0, -left), Math.min(side, cells - left)];
  for (let y = Math.max(0, -top); y < Math.min(side, cells - top); y++) {
    for (let x = x0; x < x1; x++) {
      const p = whole[(y + top) * cells + x + left]!;
      const q = part[y * side + x]!;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
      n++;
    }
  }
  return n < MIN_OVERLAP * side * side ? -1 : pearson(n, sa, sb, saa, sbb, sab);
}

/** Pearson correlation from sums; -1 where either side is flat. */
function pearson(n: number, sa: number, sb: number, saa: number, sbb: number, sab: number): number {
  const spread = (saa - (sa * sa) / n) * (sbb - (sb * sb) / n);
  return spread > 1e-12 ? (sab - (sa * sb) / n) / Math.sqrt(spread) : -1;
}

/** Coordinate ascent with halving steps, given up where the first step leads nowhere. */
function climb(start: Placement, score: (placement: Placement) => number): number {
  let at: Placement = { scale: start.scale, x: start.x, y: start.y };
  let best = score(at);
  for (let step = 0.025; step > 0.002; step /= 2) {
    if (step < 0.025 && best < FIRST_CLIMB_FLOOR) return best;
    for (let improved = true, rounds = 0; improved && rounds < 6; rounds++) {
      improved = false;
      for (const [ds, dx, dy] of [
        [step, 0, 0],
        [-step, 0, 0],
        [0, step, 0],
        [0, -step, 0],
        [0, 0, step],
        [0, 0, -step],
      ] as const) {
        const next = { scale: Math.min(1, at.scale + ds), x: at.x + dx, y: at.y + dy };
        const value = score(next);
        if (value > best + 1e-6) {
          best = value;
          at = next;
          improved = true;
        }
      }
    }
  }
  return best;
}

/** Correlation over the pixels that both pictures show, of `part` with the window of `whole`; -1 when they share too little. */
function createScorer(
  whole: Uint8Array,
  part: Uint8Array,
  side: number,
  radius: number,
): (placement: Placement) => number {
  const target = highPass(sample(part, { scale: 1, x: 0.5, y: 0.5 }, side), side, radius);
  return (placement) => {
    const left = placement.x - placement.scale / 2;
    const top = placement.y - placement.scale / 2;
    const first = (from: number) => Math.max(0, Math.ceil((-from / placement.scale) * side - 0.5));
    const last = (from: number) => Math.min(side - 1, Math.floor(((1 - from) / placement.scale) * side - 0.5));
    const [x0, x1, y0, y1] = [first(left), last(left), first(top), last(top)];
    if ((x1 - x0 + 1) * (y1 - y0 + 1) < MIN_OVERLAP * side * side) return -1;
    const window = highPass(sample(whole, placement, side), side, radius);
    return maskedCorrelation(window, target, side, x0, x1, y0, y1);
  };
}

function maskedCorrelation(
  a: Float32Array,
  b: Float32Array,
  side: number,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const p = a[y * side + x]!;
      const q = b[y * side + x]!;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  const n = (x1 - x0 + 1) * (y1 - y0 + 1);
  return pearson(n, sa, sb, saa, sbb, sab);
}

/** Bilinear samples of a window, side x side; beyond the border the edge pixel is repeated. Coarse grids average four samples. */
function sample(luma: Uint8Array, placement: Placement, side: number): Float32Array {
  const out = new Float32Array(side * side);
  const cell = (placement.scale * LUMA_SIDE) / side;
  const parts = cell > 1.5 ? 2 : 1;
  const left = (placement.x - placement.scale / 2) * LUMA_SIDE - 0.5;
  const top = (placement.y - placement.scale / 2) * LUMA_SIDE - 0.5;
  const columns = axis(left, cell, side * parts, parts);
  const rows = axis(top, cell, side * parts, parts);
  for (let j = 0; j < side * parts; j++) {
    const row = rows.index[j]! * LUMA_SIDE;
    const below = Math.min(LUMA_SIDE - 1, rows.index[j]! + 1) * LUMA_SIDE;
    const fy = rows.weight[j]!;
    for (let i = 0; i < side * parts; i++) {
      const x = columns.index[i]!;
      const right = Math.min(LUMA_SIDE - 1, x + 1);
      const fx = columns.weight[i]!;
      const upper = luma[row + x]! * (1 - fx) + luma[row + right]! * fx;
      const lower = luma[below + x]! * (1 - fx) + luma[below + right]! * fx;
      out[Math.floor(j / parts) * side + Math.floor(i / parts)]! += upper * (1 - fy) + lower * fy;
    }
  }
  return out;
}

function axis(start: number, cell: number, count: number, parts: number): { index: Int32Array; weight: Float32Array } {
  const index = new Int32Array(count);
  const weight = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(LUMA_SIDE - 1, Math.max(0, start + ((i + 0.5) * cell) / parts));
    index[i] = Math.floor(at);
    weight[i] = at - Math.floor(at);
  }
  return { index, weight };
}
