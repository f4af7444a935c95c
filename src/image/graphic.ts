import type { Raster } from "./pixels.js";

/** Side of a tile, in pixels. */
const TILE = 8;
const PIXELS = TILE * TILE;
/** Luma levels: a tile whose pixels stray less is explained, and a tile whose lightest and darkest pixel lie nearer holds one colour. */
const EXPLAINED = 2;
const ONE_COLOUR = 24;
/** Shares of a tile's pixels that must stray less from one plane, or from two: an edge is soft at its middle. */
const OF_ONE_PLANE = 0.9;
const OF_TWO_PLANES = 0.7;

/** Places of a tile's pixels, from its middle. */
const X = Float64Array.from({ length: PIXELS }, (_, at) => (at % TILE) - 3.5);
const Y = Float64Array.from({ length: PIXELS }, (_, at) => Math.floor(at / TILE) - 3.5);

/**
 * How much of a picture cannot be drawn with flat colours, gradients and edges: the share of 8x8 tiles, 0 to 1, in which luma is
 * neither a plane nor two planes along an edge. Silhouettes, initials and tiles of colour have up to a half of them (thin strokes,
 * compression), photos of studio portraits rarely less.
 * @param luma of a picture whose sides are multiples of 8, row by row
 */
export function unexplainedShare(luma: Uint8Array, width: number): number {
  const height = Math.floor(luma.length / width);
  const tile = new Float64Array(PIXELS);
  let unexplained = 0;
  let tiles = 0;
  for (let top = 0; top + TILE <= height; top += TILE) {
    for (let left = 0; left + TILE <= width; left += TILE) {
      tiles++;
      for (let at = 0; at < PIXELS; at++) tile[at] = luma[(top + (at >> 3)) * width + left + (at & 7)]!;
      if (!isExplained(tile)) unexplained++;
    }
  }
  return tiles === 0 ? 0 : unexplained / tiles;
}

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

/** Whether the tile is one plane of luma, or two along an edge. */
function isExplained(tile: Float64Array): boolean {
  if (nearPlane(tile, 0, Infinity) > Math.floor(PIXELS * OF_ONE_PLANE)) return true;
  let [least, most] = [Infinity, -Infinity];
  for (const value of tile) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most - least < ONE_COLOUR) return false;
  const limit = splitOf(tile, (least + most) / 2);
  return nearPlane(tile, -Infinity, limit) + nearPlane(tile, limit, Infinity) > Math.floor(PIXELS * OF_TWO_PLANES);
}

/** The level between the two colours of a tile: five rounds of two means, from the middle of its range. */
function splitOf(tile: Float64Array, middle: number): number {
  let limit = middle;
  for (let round = 0; round < 5; round++) {
    let [low, lows, high] = [0, 0, 0];
    for (const value of tile) {
      if (value >= limit) high += value;
      else {
        low += value;
        lows++;
      }
    }
    const highs = PIXELS - lows;
    limit = ((lows === 0 ? limit : low / lows) + (highs === 0 ? limit : high / highs)) / 2;
  }
  return limit;
}

/** Pixels of levels from `low` to below `high` that stray little from the plane that fits those levels best (least squares). */
function nearPlane(tile: Float64Array, low: number, high: number): number {
  let [count, sx, sy, sl] = [0, 0, 0, 0];
  for (let at = 0; at < PIXELS; at++) {
    const value = tile[at]!;
    if (value < low || value >= high) continue;
    count++;
    sx += X[at]!;
    sy += Y[at]!;
    sl += value;
  }
  if (count < 4) return count;
  const [mx, my, ml] = [sx / count, sy / count, sl / count];
  let [xx, yy, xy, xl, yl] = [0, 0, 0, 0, 0];
  for (let at = 0; at < PIXELS; at++) {
    const value = tile[at]!;
    if (value < low || value >= high) continue;
    const [x, y, l] = [X[at]! - mx, Y[at]! - my, value - ml];
    xx += x * x;
    yy += y * y;
    xy += x * y;
    xl += x * l;
    yl += y * l;
  }
  const determinant = xx * yy - xy * xy;
  const flat = Math.abs(determinant) < 1e-6;
  const slopeX = flat ? 0 : (xl * yy - yl * xy) / determinant;
  const slopeY = flat ? 0 : (yl * xx - xl * xy) / determinant;
  let near = 0;
  for (let at = 0; at < PIXELS; at++) {
    const value = tile[at]!;
    if (value < low || value >= high) continue;
    if (Math.abs(value - ml - slopeX * (X[at]! - mx) - slopeY * (Y[at]! - my)) < EXPLAINED) near++;
  }
  return near;
}
