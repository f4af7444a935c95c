import { roomFor } from "../model/web-assembly.js";
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

const module = createReduceModule();

/**
 * A region of a picture at `width` x `height` pixels or fewer than it has, to the bit as the image library makes it (libvips 8.18, kernel
 * Lanczos 3): a few tenths of a millisecond and no thread where a pipeline of the library costs more than a whole one. null where the library
 * does more than these sums: when it enlarges, or the picture is large.
 */
export function reduceRaster(raster: Raster, region: Region, width: number, height: number): Raster | null {
  if (3 * region.width * region.height > LARGEST_INPUT) return null;
  const across = lineOf(region.width, width, Infinity);
  const down = lineOf(region.height, height, rowsTogether(region, width, height));
  return across === null || down === null ? null : reduced(raster, region, across, down);
}

function rowsTogether(region: Region, width: number, height: number): number {
  const rowsAlone = averagedOf(region.height, height) > 1 && averagedOf(region.width, width) === 1;
  return rowsAlone ? TOGETHER.tile : TOGETHER.strip;
}

/** Rows first, as the library does: means of rows, their weighted sums, means of pixels, their weighted sums. */
function reduced(raster: Raster, region: Region, across: Line, down: Line): Raster {
  const [width, height] = [across.to, down.to];
  const stride = 3 * region.width;
  const room = 3 * (across.before + region.width + across.behind) + SLACK;
  const downAt = 0;
  const acrossAt = aligned(downAt + planBytes(down));
  const inAt = aligned(acrossAt + planBytes(across));
  const midAt = aligned(inAt + stride * (down.before + down.from + down.behind) + SLACK);
  const outAt = aligned(midAt + room * height + SLACK);
  const memory = new Uint8Array(roomFor(module.memory, outAt + 3 * width * height + SLACK));
  putPlan(down, downAt);
  putPlan(across, acrossAt);
  putInput(memory, inAt, raster, { region, line: down });
  module.rows(inAt, stride, stride, downAt, down.pairs, midAt + 3 * across.before, room, height);
  const mid = { at: midAt, room, rows: height };
  if (across.averaged > 1) averagePixels(memory, mid, region.width, across);
  repeatEnds(memory, mid, across);
  module.pixels(midAt, room, height, acrossAt, across.pairs, outAt, width);
  return { data: Buffer.from(memory.subarray(outAt, outAt + 3 * width * height)), width, height };
}

function aligned(at: number): number {
  return (at + 15) & ~15;
}

function planBytes({ steps, weights }: Line): number {
  return 4 * steps.length + 2 * weights.length;
}

/** Steps first, weights behind them; addresses of weights are made of their rows. */
function putPlan({ steps, weights, pairs }: Line, at: number): void {
  const put = new Int32Array(module.memory.buffer, at, steps.length);
  const weightsAt = at + 4 * steps.length;
  for (let i = 0; i < steps.length; i += 2) {
    put[i] = steps[i]!;
    put[i + 1] = weightsAt + 4 * pairs * steps[i + 1]!;
  }
  new Int16Array(module.memory.buffer, weightsAt, weights.length).set(weights);
}

/** The rows of the region, or their means, the first and last one repeated. */
function putInput(
  memory: Uint8Array,
  at: number,
  { data, width }: Raster,
  { region, line }: { readonly region: Region; readonly line: Line },
): void {
  const stride = 3 * region.width;
  const start = at + line.before * stride;
  const first = 3 * (region.top * width + region.left);
  if (line.averaged === 1 && region.width === width) {
    memory.set(data.subarray(first, first + stride * region.height), start);
  } else {
    for (let y = 0; y < line.from; y++) {
      const rows = Array.from({ length: line.averaged }, (_, i) => {
        const from = first + 3 * width * Math.min(region.height - 1, y * line.averaged + i);
        return data.subarray(from, from + stride);
      });
      const to = start + y * stride;
      if (rows.length === 1) memory.set(rows[0]!, to);
      else averageRows(rows, memory.subarray(to, to + stride));
    }
  }
  for (let y = 0; y < line.before; y++) memory.copyWithin(at + y * stride, start, start + stride);
  const last = start + (line.from - 1) * stride;
  for (let y = 1; y <= line.behind; y++) memory.copyWithin(last + y * stride, last, last + stride);
}

/** vips_shrinkv_write_line_uchar_hwy of libvips/resample/shrinkv_hwy.cpp. */
function averageRows(rows: readonly Uint8Array[], out: Uint8Array): void {
  const { share, amend } = meanOf(rows.length);
  const [first, second] = [rows[0]!, rows[1]!];
  for (let i = 0; i < out.length; i++) {
    let sum = amend + first[i]! + second[i]!;
    for (let row = 2; row < rows.length; row++) sum += rows[row]![i]!;
    out[i] = Math.imul(sum, share) >>> 24;
  }
}

/** Rows in the module's memory. */
interface Rows {
  readonly at: number;
  readonly room: number;
  readonly rows: number;
}

/** Each row made of the means of its own pixels, in place: vips_shrinkh_uchar_hwy of libvips/resample/shrinkh_hwy.cpp. */
function averagePixels(memory: Uint8Array, { at, room, rows }: Rows, pixels: number, line: Line): void {
  const { share, amend } = meanOf(line.averaged);
  for (let y = 0; y < rows; y++) {
    const row = at + y * room + 3 * line.before;
    const last = row + 3 * (pixels - 1);
    for (let x = 0, to = row; x < line.from; x++) {
      const from = row + 3 * x * line.averaged;
      for (let channel = 0; channel < 3; channel++, to++) {
        let sum = amend;
        for (let i = 0; i < line.averaged; i++) sum += memory[Math.min(last, from + 3 * i) + channel]!;
        memory[to] = Math.imul(sum, share) >>> 24;
      }
    }
  }
}

/** A sum of `many` levels becomes its mean: times `share`, shifted right by 24. */
function meanOf(many: number): { readonly share: number; readonly amend: number } {
  return { share: Math.floor(2 ** 24 / many), amend: many >> 1 };
}

/** The first and last pixel of each row, repeated. */
function repeatEnds(memory: Uint8Array, { at, room, rows }: Rows, { before, behind, from }: Line): void {
  for (let y = 0, row = at; y < rows; y++, row += room) {
    const start = row + 3 * before;
    for (let i = row; i < start; i++) memory[i] = memory[start + ((i - row) % 3)]!;
    const end = start + 3 * from;
    for (let i = 0; i < 3 * behind; i++) memory[end + i] = memory[end - 3 + (i % 3)]!;
  }
}
