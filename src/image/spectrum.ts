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
/** The short filters, one after the other as well, and the long ones that follow them. */
const SHORT = FILTERS.filter(({ length }) => length === REACH + 1);
const SHORT_TAPS = Float64Array.from(SHORT.flatMap((filter) => [...filter]));
const LONG = FILTERS.slice(SHORT.length);

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
  if (Math.min(width, height) < 40 || Math.max(width, height) < LEAST_SIDE) return [];
  const found: Energies = { sums: new Float64Array(BANDS.length), places: 0, longPlaces: 0 };
  const step = Math.max(1, Math.floor(Math.min(width, height) / LINES));
  const row = new Float64Array(width);
  for (let y = 0; y < height; y += step) {
    for (let x = 0, from = y * width; x < width; x++) row[x] = luma[from + x]!;
    addLine(row, found);
  }
  const column = new Float64Array(height);
  for (let x = 0; x < width; x += step) {
    for (let y = 0, from = x; y < height; y++, from += width) column[y] = luma[from]!;
    addLine(column, found);
  }
  return Array.from(found.sums, (sum, band) => {
    return Number((sum / (band < SHORT.length ? found.places : found.longPlaces)).toPrecision(4));
  });
}

/** Squared responses of all filters, and the places at which the short ones and the long ones were asked. */
interface Energies {
  readonly sums: Float64Array;
  places: number;
  longPlaces: number;
}

/** The innermost loop of all: sums of pixels at equal distance are shared by the filters, and the short ones are written out. */
function addLine(line: Float64Array, found: Energies): void {
  const { sums } = found;
  const { length } = line;
  const skip = Math.max(2, Math.floor(length / SPARSE_FROM) + 1);
  for (let at = REACH; at < length - REACH; at += skip) {
    const p0 = line[at]!;
    const p1 = line[at - 1]! + line[at + 1]!;
    const p2 = line[at - 2]! + line[at + 2]!;
    const p3 = line[at - 3]! + line[at + 3]!;
    const p4 = line[at - 4]! + line[at + 4]!;
    const p5 = line[at - 5]! + line[at + 5]!;
    const p6 = line[at - 6]! + line[at + 6]!;
    const p7 = line[at - 7]! + line[at + 7]!;
    const p8 = line[at - 8]! + line[at + 8]!;
    for (let band = 0, t = 0; band < SHORT.length; band++, t += REACH + 1) {
      const fine = SHORT_TAPS[t]! * p0 + SHORT_TAPS[t + 1]! * p1 + SHORT_TAPS[t + 2]! * p2;
      const middle = SHORT_TAPS[t + 3]! * p3 + SHORT_TAPS[t + 4]! * p4 + SHORT_TAPS[t + 5]! * p5;
      const coarse = SHORT_TAPS[t + 6]! * p6 + SHORT_TAPS[t + 7]! * p7 + SHORT_TAPS[t + 8]! * p8;
      const response = fine + middle + coarse;
      sums[band]! += response * response;
    }
    found.places++;
    if (at < LOW_REACH || at >= length - LOW_REACH) continue;
    for (let band = 0; band < LONG.length; band++) {
      const taps = LONG[band]!;
      let response = taps[0]! * p0;
      for (let k = 1; k <= LOW_REACH; k++) response += taps[k]! * (line[at - k]! + line[at + k]!);
      sums[SHORT.length + band]! += response * response;
    }
    found.longPlaces++;
  }
}
