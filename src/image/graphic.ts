import type { Raster } from "./raster.js";

/** Side of a tile, in pixels. */
const TILE = 8;
/** Luma levels: a tile whose pixels stray less is explained, and a tile whose lightest and darkest pixel lie nearer holds one colour. */
const EXPLAINED = 2;
const ONE_COLOUR = 24;

interface Sample {
  readonly x: number;
  readonly y: number;
  readonly luma: number;
}

/**
 * How much of a picture cannot be drawn with flat colours, gradients and edges: the share of 8x8 tiles, 0 to 1, in which luma is
 * neither a plane nor two planes along an edge. Silhouettes, initials and tiles of colour have up to a half of them (thin strokes,
 * compression), photos of studio portraits rarely less.
 * @param luma of a picture whose sides are multiples of 8, row by row
 */
export function unexplainedShare(luma: Uint8Array, width: number): number {
  const height = Math.floor(luma.length / width);
  let unexplained = 0;
  let tiles = 0;
  for (let top = 0; top + TILE <= height; top += TILE) {
    for (let left = 0; left + TILE <= width; left += TILE) {
      tiles++;
      if (residual(samplesAt(luma, width, left, top)) >= EXPLAINED) unexplained++;
    }
  }
  return tiles === 0 ? 0 : unexplained / tiles;
}

/** Side to which a picture is reduced before it is judged. */
export const JUDGED_SIDE = 128;

/** Whether no pixel differs from any other by more than rounding and compression do: blank, or one colour. */
export function isOneColour({ data }: Pick<Raster, "data">): boolean {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, data[i]!);
    high[i % 3] = Math.max(high[i % 3]!, data[i]!);
  }
  return high.every((value, channel) => value - low[channel]! <= 6);
}

function samplesAt(luma: Uint8Array, width: number, left: number, top: number): readonly Sample[] {
  const samples: Sample[] = [];
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < TILE; x++) {
      samples.push({ x: x - 3.5, y: y - 3.5, luma: luma[(top + y) * width + left + x]! });
    }
  }
  return samples;
}

/** Luma levels that nine tenths of a tile stray at most from one plane, or seven tenths from two: an edge is soft at its middle. */
function residual(samples: readonly Sample[]): number {
  const one = quantile(strayFromPlane(samples), 0.9);
  const values = samples.map(({ luma }) => luma);
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (one < EXPLAINED || most - least < ONE_COLOUR) return one;
  const limit = splitOf(values, (least + most) / 2);
  const two = [
    ...strayFromPlane(samples.filter(({ luma }) => luma < limit)),
    ...strayFromPlane(samples.filter(({ luma }) => luma >= limit)),
  ];
  return Math.min(one, quantile(two, 0.7));
}

/** The level between the two colours of a tile: five rounds of two means, from the middle of its range. */
function splitOf(values: readonly number[], middle: number): number {
  let limit = middle;
  for (let round = 0; round < 5; round++) {
    let [low, lows, high] = [0, 0, 0];
    for (const value of values) {
      if (value >= limit) high += value;
      else {
        low += value;
        lows++;
      }
    }
    const highs = values.length - lows;
    limit = ((lows === 0 ? limit : low / lows) + (highs === 0 ? limit : high / highs)) / 2;
  }
  return limit;
}

/** Distances from the plane that fits best (least squares). */
function strayFromPlane(samples: readonly Sample[]): readonly number[] {
  if (samples.length < 4) return samples.map(() => 0);
  const count = samples.length;
  const middle = { x: 0, y: 0, luma: 0 };
  for (const one of samples) {
    middle.x += one.x / count;
    middle.y += one.y / count;
    middle.luma += one.luma / count;
  }
  let [xx, yy, xy, xl, yl] = [0, 0, 0, 0, 0];
  for (const one of samples) {
    const [x, y, luma] = [one.x - middle.x, one.y - middle.y, one.luma - middle.luma];
    xx += x * x;
    yy += y * y;
    xy += x * y;
    xl += x * luma;
    yl += y * luma;
  }
  const determinant = xx * yy - xy * xy;
  const flat = Math.abs(determinant) < 1e-6;
  const slopeX = flat ? 0 : (xl * yy - yl * xy) / determinant;
  const slopeY = flat ? 0 : (yl * xx - xl * xy) / determinant;
  return samples.map((one) =>
    Math.abs(one.luma - middle.luma - slopeX * (one.x - middle.x) - slopeY * (one.y - middle.y)),
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
