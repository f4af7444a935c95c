/** How many input pixels make how many of a line, and by which weights. */
export interface Line {
  /** Pixels whose mean is taken first, 1 for none; where they do not come out even, the last pixel is repeated. */
  readonly averaged: number;
  /** Means, or pixels. */
  readonly from: number;
  readonly to: number;
  /** Pairs of weights of an output pixel. */
  readonly pairs: number;
  /** Border pixels that are repeated before and behind the line. */
  readonly before: number;
  readonly behind: number;
  /**
   * What the module reads (reduce.wat): for each output pixel its first input pixel, border included, and the place of its weights; behind
   * them the rows of weights in units of 1/4096.
   */
  readonly plan: Uint8Array;
}

/** The image library averages whole pixels first, so many that a factor of this or more is left (`gap` of vips_resize). */
const GAP = 2;
/** Weights of the image library: places between two pixels, and one whole. */
const PLACES = 64;
const WHOLE = 4096;
/** Taps that fit into the library's tables are far more; sums of these stay within 32 bits. */
const MOST_TAPS = 200;
/** Sums of so many pixels stay within 16 bits. */
const MOST_AVERAGED = 256;

const lines = new Map<string, Line | null>();
/** Lines that are remembered, of 2 to 5 KB each: masters of many sizes and shapes pass by. */
const REMEMBERED = 256;

/**
 * null where the image library would do something else.
 * @param together output pixels whose places are added up from that of the first, with the rounding that comes of it
 */
export function lineOf(from: number, to: number, together: number): Line | null {
  if (to > from) return null;
  const key = `${from} ${to} ${together}`;
  let line = lines.get(key);
  if (line === undefined) {
    if (lines.size >= REMEMBERED) lines.clear();
    line = from === to ? unchanged(from) : weighted(from, to, together);
    lines.set(key, line);
  }
  return line;
}

/** Pixels whose mean the image library takes first. */
export function averagedOf(from: number, to: number): number {
  return Math.max(1, Math.floor(from / to / GAP));
}

/** Every pixel as it is. */
function unchanged(length: number): Line {
  const steps = Int32Array.from({ length: 2 * length }, (_, i) => (i % 2 === 0 ? i / 2 : 0));
  const plan = planOf(steps, Int16Array.of(WHOLE, 0), 1);
  return { averaged: 1, from: length, to: length, pairs: 1, before: 0, behind: 1, plan };
}

/** @param steps for each output pixel its first input pixel and its row of weights */
function planOf(steps: Int32Array, weights: Int16Array, pairs: number): Uint8Array {
  const plan = new Uint8Array(steps.byteLength + weights.byteLength);
  const places = steps.map((step, i) => (i % 2 === 0 ? step : steps.byteLength + 4 * pairs * step));
  plan.set(new Uint8Array(places.buffer));
  plan.set(new Uint8Array(weights.buffer), steps.byteLength);
  return plan;
}

/** vips_reducev_build and vips_reducev_uchar_vector_gen of libvips/resample/reducev.cpp; reduceh.cpp has the same sums. */
function weighted(pixels: number, to: number, together: number): Line | null {
  // Passed on as a scale, so turned around twice.
  const whole = 1 / (1 / (pixels / to));
  if (Math.floor(pixels / whole + 0.5) !== to) return null;
  const averaged = averagedOf(pixels, to);
  const from = Math.ceil(pixels / averaged);
  const factor = whole / averaged;
  const taps = 2 * halfToEven(3 * factor) + 1;
  if (factor === 1 || taps > MOST_TAPS || averaged > MOST_AVERAGED) return null;
  const pairs = (taps + 1) / 2;
  const before = Math.ceil(taps / 2) - 1;
  const offset = (1 + (to * whole - pixels) / averaged) / 2 - 1;
  const steps = new Int32Array(2 * to);
  for (let x = 0, place = 0; x < to; x++, place += factor) {
    if (x % together === 0) place = (x + 0.5) * factor - 0.5 - offset;
    const between = Math.trunc(place * PLACES * 2) & (2 * PLACES - 1);
    steps[2 * x] = Math.trunc(place);
    steps[2 * x + 1] = (between + 1) >> 1;
  }
  const weights = new Int16Array((PLACES + 1) * 2 * pairs);
  for (let place = 0; place <= PLACES; place++) {
    weights.set(weightsAt(place / PLACES, taps, factor), place * 2 * pairs);
  }
  return { averaged, from, to, pairs, before, behind: taps - before + 1, plan: planOf(steps, weights, pairs) };
}

function weightsAt(between: number, taps: number, factor: number): Int16Array {
  const half = between + taps / 2 - 1;
  const found = Array.from({ length: taps }, (_, i) => lanczos3((i - half) * (1 / factor)));
  const sum = found.reduce((total, weight) => total + weight, 0);
  return Int16Array.from(found, (weight) => Math.trunc((weight / sum) * WHOLE));
}

function lanczos3(x: number): number {
  return x >= -3 && x <= 3 ? sinc(x) * sinc(x / 3) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** C's rint. */
function halfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}
