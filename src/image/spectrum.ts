import { lumaAt } from "./measure.js";
import { pixelMemory, type Placed, put, startAfresh } from "./pixel-memory.js";
import { createSpectrumModule } from "./spectrum-module.js";

/** Bands of spatial frequency in cycles a pixel (0.5 is the finest there can be), finest first; the last one every rendition keeps. */
const BANDS = [
  [0.34, 0.44],
  [0.28, 0.36],
  [0.23, 0.3],
  [0.18, 0.24],
  [0.14, 0.19],
  [0.1, 0.15],
  [0.06, 0.1],
  [0.03, 0.06],
] as const;
/** Taps on each side of the middle one; low bands need more. */
const REACH = 8;
const LOW_REACH = 15;
const LOW_BELOW = 0.08;
/** Rows and columns that are looked at, at most twice as many. */
const LINES = 64;

/** Lines are looked at in every second place, from twice this many pixels on in every third …: means need no more. */
const SPARSE_FROM = 160;

/** Nothing is claimed of smaller pictures (src/compare/photo/README.md), so nothing of them is measured. */
const LEAST_SIDE = 90;

/** Right half of a symmetric band-pass filter: differences of two sinc functions under a Hamming window, without response to a constant. */
const FILTERS = BANDS.map(([low, high]) => {
  const reach = low < LOW_BELOW ? LOW_REACH : REACH;
  const window = Array.from({ length: reach + 1 }, (_, k) => 0.54 + 0.46 * Math.cos((Math.PI * k) / (reach + 0.5)));
  const taps = window.map((weight, k) => weight * (sinc(high, k) - sinc(low, k)));
  const share = wholeSum(taps) / wholeSum(window);
  return Float64Array.from(taps, (tap, k) => tap - share * window[k]!);
});
const SHORT = FILTERS.filter(({ length }) => length === REACH + 1);
const LONG = FILTERS.slice(SHORT.length);

/** Place in the memory, in numbers of 8 bytes (spectrum.wat). */
const SUMS_AT = 86;
/** Place of the taps of 32 bits in the memory, in bytes. */
const TAPS_AT = 3072;
/** Bytes up to so far apart are looked at together. */
const WIDEST = 5;

const module = createSpectrumModule(pixelMemory);
putTaps();

/** Taps of two filters beside each other, pair after pair; and of all of them for each distance from the middle. */
function putTaps(): void {
  const numbers = new Float64Array(pixelMemory.buffer);
  let at = 0;
  for (const filters of [SHORT, LONG]) {
    for (let band = 0; band < filters.length; band += 2) {
      filters[band]!.forEach((tap, k) => numbers.set([tap, filters[band + 1]![k]!], at + 2 * k));
      at += 2 * filters[band]!.length;
    }
  }
  const near = Array.from({ length: REACH }, (_, k) => FILTERS.map((filter) => filter[k + 1]!));
  const far = Array.from({ length: LOW_REACH - REACH }, (_, k) => LONG.map((filter) => filter[REACH + k + 1]!));
  new Float32Array(pixelMemory.buffer, TAPS_AT).set([...near, ...far].flat());
}

function sinc(frequency: number, k: number): number {
  return k === 0 ? 2 * frequency : Math.sin(2 * Math.PI * frequency * k) / (Math.PI * k);
}

function wholeSum(half: readonly number[]): number {
  return half.reduce((sum, value, k) => sum + (k === 0 ? value : 2 * value), 0);
}

/**
 * How much detail of each fineness a picture holds at its own size: mean energy in squared grey levels of eight bands along sampled rows and
 * columns, finest first. Empty for pictures whose longer side is below 90 pixels, or whose shorter one is below 40.
 */
export function spectrumOf(luma: Uint8Array, width: number, height: number): readonly number[] {
  if (!isMeasured(width, height)) return [];
  startAfresh();
  return energies(put(luma), width, height);
}

/** The same of a picture in the memory of the modules. */
export function spectrumAt(placed: Placed): readonly number[] {
  const { width, height } = placed;
  return isMeasured(width, height) ? energies(lumaAt(placed), width, height) : [];
}

function isMeasured(width: number, height: number): boolean {
  return Math.min(width, height) >= 40 && Math.max(width, height) >= LEAST_SIDE;
}

function energies(luma: number, width: number, height: number): readonly number[] {
  const sums = new Float64Array(pixelMemory.buffer, SUMS_AT * 8, BANDS.length).fill(0);
  const step = Math.max(1, Math.floor(Math.min(width, height) / LINES));
  const [across, down] = [skipOf(width), skipOf(height)];
  const together = step <= WIDEST ? 4 : 1;
  let [places, longPlaces] = [0, 0];
  for (let y = 0; y < height; y += step) {
    const at = luma + y * width;
    if (across > WIDEST) longPlaces += module.line(at, 1, width, across);
    else longPlaces += module.four(at + REACH, across, 1, 4 * across, width, across, 4 * across, 4);
    places += placesIn(width, across);
  }
  const columns = Math.ceil(width / step);
  for (let column = 0; column < columns; column += together) {
    const x = luma + column * step;
    const lanes = Math.min(together, columns - column);
    if (together === 1) longPlaces += module.line(x, width, height, down);
    else longPlaces += module.four(x + REACH * width, step, width, down * width, height, 0, down, lanes);
    places += lanes * placesIn(height, down);
  }
  return Array.from(sums, (sum, band) => Number((sum / (band < SHORT.length ? places : longPlaces)).toPrecision(4)));
}

/** Places of a line that are looked at are so far apart. */
function skipOf(length: number): number {
  return Math.max(2, Math.floor(length / SPARSE_FROM) + 1);
}

/** Places of a line at which the short filters have all their pixels. */
function placesIn(length: number, skip: number): number {
  return Math.ceil((length - 2 * REACH) / skip);
}
