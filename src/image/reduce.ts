import { pixelMemory, type Placed, placeOfRegion, put, rasterOf, startAfresh, take } from "./pixel-memory.js";
import type { Raster, Region } from "./pixels.js";
import { averagedOf, type Line, lineOf } from "./reduce-line.js";
import { createReduceModule } from "./reduce-module.js";

/** Larger pictures are left to the image library, so that the module's memory stays small. */
const LARGEST_INPUT = 2_000_000;
/**
 * Rows of which the image library computes the place of the first and adds up those of the others: a strip, or a tile where rows alone are
 * averaged (vips_get_tile_size).
 */
const TOGETHER = { strip: 16, tile: 128 };
/** Bytes behind rows that the module reads and writes besides. */
const SLACK = 16;

const module = createReduceModule(pixelMemory);

/**
 * A region of a picture at `width` x `height` pixels or fewer than it has, to the bit as the image library makes it (libvips 8.18, kernel
 * Lanczos 3): a few tenths of a millisecond and no thread where a pipeline of the library costs more than a whole one. null where the library
 * does more than these sums: when it enlarges, or the picture is large.
 */
export function reduceRaster(raster: Raster, region: Region, width: number, height: number): Raster | null {
  startAfresh();
  const reduced = reduceRegion(raster, region, width, height);
  return reduced === null ? null : rasterOf(reduced);
}

/** The same, left in the memory of the modules. */
export function reduceRegion(raster: Raster, region: Region, width: number, height: number): Placed | null {
  const lines = linesFor(region, width, height);
  if (lines === null) return null;
  const from = placeOfRegion(raster, region);
  return reduced(from.placed, from.region, lines);
}

/** The same of a whole picture that lies there. */
export function reducePlaced(placed: Placed, width: number, height: number): Placed | null {
  const lines = linesFor(placed, width, height);
  return lines === null
    ? null
    : reduced(placed, { left: 0, top: 0, width: placed.width, height: placed.height }, lines);
}

interface Lines {
  readonly across: Line;
  readonly down: Line;
}

type Size = Pick<Region, "width" | "height">;

function linesFor(from: Size, width: number, height: number): Lines | null {
  if (3 * from.width * from.height > LARGEST_INPUT) return null;
  const across = lineOf(from.width, width, Infinity);
  const down = lineOf(from.height, height, rowsTogether(from, width, height));
  return across === null || down === null ? null : { across, down };
}

function rowsTogether(from: Size, width: number, height: number): number {
  const rowsAlone = averagedOf(from.height, height) > 1 && averagedOf(from.width, width) === 1;
  return rowsAlone ? TOGETHER.tile : TOGETHER.strip;
}

/** Rows first, as the library does: means of rows, their weighted sums, means of pixels, their weighted sums. */
function reduced(placed: Placed, region: Region, { across, down }: Lines): Placed {
  const [width, height] = [across.to, down.to];
  const fours = Math.ceil(height / 4);
  const bytes = 3 * region.width;
  const room = 3 * (across.before + region.width + across.behind) + SLACK;
  const [downAt, acrossAt] = [put(down.plan), put(across.plan)];
  const rowsAt = placesOfRows(placed, region, down);
  const midAt = take(4 * fours * room);
  const firstAt = midAt + 3 * across.before;
  const at = take(4 * fours * 3 * width);
  module.rows(rowsAt, bytes, downAt, down.pairs, firstAt, room, height);
  if (across.averaged > 1) module.averagePixels(firstAt, room, height, region.width, across.averaged, across.from);
  module.repeatEnds(firstAt, room, height, across.from, across.before, across.behind);
  module.pixels(midAt, room, fours, acrossAt, across.pairs, at, width);
  return { at, width, height };
}

/** Where the places of the rows of a region lie, or of their means, the first and last one repeated. */
function placesOfRows(placed: Placed, region: Region, { averaged, from, before, behind }: Line): number {
  let start = placed.at + 3 * (region.top * placed.width + region.left);
  let stride = 3 * placed.width;
  if (averaged > 1) {
    const bytes = 3 * region.width;
    const to = take(from * bytes);
    module.averageRows(start, stride, bytes, region.height, averaged, to, bytes, from);
    [start, stride] = [to, bytes];
  }
  const at = take(4 * (before + from + behind));
  module.placesOfRows(start, stride, before, from, behind, at);
  return at;
}
