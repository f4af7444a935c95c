import { lumaOf } from "./measure.js";
import type { Raster, Region } from "./pixels.js";
import { extractRaster } from "./raster.js";

/** Side at which a face is looked at, in pixels, and what counts as a feature in it: levels off its median, least and most pixels. */
const SIDE = 48;
const APART = 18;
const LEAST_BLOB = 4;
const LARGEST_BLOB = 0.2 * SIDE * SIDE;

/** Share of a picture that a colour must fill to count as one. */
const LEAST_COLOUR = 0.015;

/**
 * Features inside a region: patches that differ from its commonest tone and do not reach its border, as eyes and a mouth do in a face.
 * The head of a silhouette has none.
 */
export async function countFeatures(raster: Raster, region: Region): Promise<number> {
  const luma = lumaOf(await extractRaster(raster, region, SIDE, SIDE));
  const median = Uint8Array.from(luma).sort()[luma.length >> 1]!;
  const seen = new Uint8Array(luma.length);
  let features = 0;
  for (let start = 0; start < luma.length; start++) {
    if (seen[start] === 1 || Math.abs(luma[start]! - median) <= APART) continue;
    const { size, reachesBorder } = patchFrom(luma, start, median, seen);
    if (!reachesBorder && size >= LEAST_BLOB && size <= LARGEST_BLOB) features++;
  }
  return features;
}

/** Colours (3 bits a channel) that fill a visible part of the picture. A drawing of letters or a silhouette has two or three. */
export function countColours({ data }: Pick<Raster, "data">): number {
  const counts = new Uint32Array(512);
  for (let i = 0; i + 2 < data.length; i += 3) {
    counts[((data[i]! >> 5) << 6) | ((data[i + 1]! >> 5) << 3) | (data[i + 2]! >> 5)]!++;
  }
  return counts.filter((count) => count >= (LEAST_COLOUR * data.length) / 3).length;
}

function patchFrom(
  luma: Uint8Array,
  start: number,
  median: number,
  seen: Uint8Array,
): { readonly size: number; readonly reachesBorder: boolean } {
  const waiting = [start];
  seen[start] = 1;
  let size = 0;
  let reachesBorder = false;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    size++;
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    if (x === 0 || y === 0 || x === SIDE - 1 || y === SIDE - 1) reachesBorder = true;
    for (const [nextX, nextY] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      const next = nextY * SIDE + nextX;
      const inside = nextX >= 0 && nextY >= 0 && nextX < SIDE && nextY < SIDE;
      if (!inside || seen[next] === 1 || Math.abs(luma[next]! - median) <= APART) continue;
      seen[next] = 1;
      waiting.push(next);
    }
  }
  return { size, reachesBorder };
}
