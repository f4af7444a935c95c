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

/** Lines of this many pixels and more are looked at in every second place, of twice as many in every third …: means need no more. */
const SPARSE_FROM = 160;

/** Right half of a symmetric band-pass filter: differences of two sinc functions under a Hamming window, without response to a constant. */
const FILTERS = BANDS.map(([low, high]) => {
  const reach = low < LOW_BELOW ? LOW_REACH : REACH;
  const window = Array.from({ length: reach + 1 }, (_, k) => 0.54 + 0.46 * Math.cos((Math.PI * k) / (reach + 0.5)));
  const taps = window.map((weight, k) => weight * (sinc(high, k) - sinc(low, k)));
  const share = wholeSum(taps) / wholeSum(window);
  return Float64Array.from(taps, (tap, k) => tap - share * window[k]!);
});

function sinc(frequency: number, k: number): number {
  return k === 0 ? 2 * frequency : Math.sin(2 * Math.PI * frequency * k) / (Math.PI * k);
}

function wholeSum(half: readonly number[]): number {
  return half.reduce((sum, value, k) => sum + (k === 0 ? value : 2 * value), 0);
}

/**
 * How much detail of each fineness a picture holds at its own size: mean energy in squared grey levels of eight bands along sampled rows and
 * columns, finest first. Empty for pictures under 40 pixels.
 */
export function spectrumOf(luma: Uint8Array, width: number, height: number): readonly number[] {
  if (Math.min(width, height) < 40) return [];
  const sums = new Float64Array(BANDS.length);
  const counts = new Float64Array(BANDS.length);
  const step = Math.max(1, Math.floor(Math.min(width, height) / LINES));
  const pair = new Float64Array(LOW_REACH + 1);
  for (let y = 0; y < height; y += step) addLine(luma, { first: y * width, stride: 1, length: width });
  for (let x = 0; x < width; x += step) addLine(luma, { first: x, stride: width, length: height });
  return Array.from(sums, (sum, band) => Number((sum / counts[band]!).toPrecision(4)));

  function addLine(pixels: Uint8Array, line: { first: number; stride: number; length: number }): void {
    const { first, stride, length } = line;
    const skip = length < SPARSE_FROM ? 1 : Math.floor(length / SPARSE_FROM) + 1;
    for (let at = REACH; at < length - REACH; at += skip) {
      const inside = at >= LOW_REACH && at < length - LOW_REACH;
      const middle = first + at * stride;
      pair[0] = pixels[middle]!;
      for (let k = 1; k <= (inside ? LOW_REACH : REACH); k++) {
        pair[k] = pixels[middle - k * stride]! + pixels[middle + k * stride]!;
      }
      for (let band = 0; band < FILTERS.length; band++) {
        const taps = FILTERS[band]!;
        if (taps.length > REACH + 1 && !inside) continue;
        let response = 0;
        for (let k = 0; k < taps.length; k++) response += taps[k]! * pair[k]!;
        sums[band]! += response * response;
        counts[band]!++;
      }
    }
  }
}
