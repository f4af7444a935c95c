import { coarseSearch } from "./coarse-search.js";
import { localCorrelation, type Rectangle } from "./correlate.js";
import { highPass } from "./high-pass.js";
import { pearson, type Placement, sample, WHOLE_FRAME } from "./sampling.js";

/** How well a picture lies in another. */
export interface Registration {
  /** High-passed correlation of what both show, -1 to 1; below the coarse floor it is the coarse score. */
  readonly score: number;
  /** The lowest correlation of any part of it that shows something; -1 where the search was given up. */
  readonly local: number;
}

/** Least share of the area that both pictures must show. */
const MIN_OVERLAP = 0.6;
/** Cells of the part's side in the fine search, and the radius of the high-pass there. */
const SIDE = 48;
const RADIUS = 4;
/** True crops score at least 0.73 in the coarse search and gain from the first climb (README.md): the rest is spared. */
const COARSE_FLOOR = 0.7;
const FIRST_CLIMB_FLOOR = 0.7;
/** Starts of the fine search: this many at most, none far below the best. */
const STARTS = 3;
const START_MARGIN = 0.08;

/**
 * The best match of two 64x64 pictures over crops down to 60 % and shifts, in both directions (either may show more than the other).
 */
export function register(a: Uint8Array, b: Uint8Array): Registration {
  const [inA, inB] = [searchWindow(a, b), searchWindow(b, a)];
  return inB.score > inA.score ? inB : inA;
}

/** Best match of the whole of `part` with a window of `whole`. */
function searchWindow(whole: Uint8Array, part: Uint8Array): Registration {
  const found = coarseSearch(whole, part);
  const best = found[0]!.score;
  if (best < COARSE_FLOOR) return { score: best, local: -1 };
  const fine = createMatcher(whole, part);
  const climbed = found
    .slice(0, STARTS)
    .filter(({ score }) => score >= best - START_MARGIN)
    .map((start) => climb(start, (placement) => fine.score(placement)));
  const top = climbed.reduce((p, q) => (q.score > p.score ? q : p));
  return { score: top.score, local: fine.local(top.at) };
}

interface Climbed {
  readonly at: Placement;
  readonly score: number;
}

/** Coordinate ascent with halving steps, given up where the first step leads nowhere. */
function climb(start: Placement, score: (placement: Placement) => number): Climbed {
  let at: Placement = { scale: start.scale, x: start.x, y: start.y };
  let best = score(at);
  for (let step = 0.025; step > 0.002; step /= 2) {
    if (step < 0.025 && best < FIRST_CLIMB_FLOOR) break;
    for (let improved = true, rounds = 0; improved && rounds < 6; rounds++) {
      improved = false;
      for (const next of neighbours(at, step)) {
        const value = score(next);
        if (value <= best + 1e-6) continue;
        best = value;
        at = next;
        improved = true;
      }
    }
  }
  return { at, score: best };
}

function* neighbours(start: Placement, step: number): Generator<Placement> {
  const { scale, x, y } = start;
  yield { scale: Math.min(1, scale + step), x, y };
  yield { scale: scale - step, x, y };
  yield { scale, x: x + step, y };
  yield { scale, x: x - step, y };
  yield { scale, x, y: y + step };
  yield { scale, x, y: y - step };
}

interface Matcher {
  /** Correlation over what both pictures show, of the part with that window of the whole; -1 when they share too little. */
  score(placement: Placement): number;
  local(placement: Placement): number;
}

function createMatcher(whole: Uint8Array, part: Uint8Array): Matcher {
  const target = highPass(sample(part, WHOLE_FRAME, SIDE), SIDE, RADIUS);
  const windowAt = (placement: Placement) => highPass(sample(whole, placement, SIDE), SIDE, RADIUS);
  return {
    score(placement) {
      const shared = sharedBy(placement);
      const area = (shared.x1 - shared.x0 + 1) * (shared.y1 - shared.y0 + 1);
      return area < MIN_OVERLAP * SIDE * SIDE ? -1 : maskedCorrelation(windowAt(placement), target, shared);
    },
    local(placement) {
      return localCorrelation(windowAt(placement), target, sharedBy(placement));
    },
  };
}

/** Cells of the part that lie inside the whole. */
function sharedBy({ scale, x, y }: Placement): Rectangle {
  const first = (from: number) => Math.max(0, Math.ceil((-from / scale) * SIDE - 0.5));
  const last = (from: number) => Math.min(SIDE - 1, Math.floor(((1 - from) / scale) * SIDE - 0.5));
  const [left, top] = [x - scale / 2, y - scale / 2];
  return { x0: first(left), x1: last(left), y0: first(top), y1: last(top) };
}

function maskedCorrelation(a: Float32Array, b: Float32Array, { x0, x1, y0, y1 }: Rectangle): number {
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const p = a[y * SIDE + x]!;
      const q = b[y * SIDE + x]!;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  const n = (x1 - x0 + 1) * (y1 - y0 + 1);
  return pearson(saa - (sa * sa) / n, sbb - (sb * sb) / n, sab - (sa * sb) / n);
}
