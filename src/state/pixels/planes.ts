import { CHANCES, SIZE_WEIGHTS, STIR_FROM } from "./likelihoods.js";
import { createPlanesModule, type PlanesModule } from "./planes-module.js";
import { AREA, BLOCK, ORDER, RANKS, waveOf, type Levels, type Plane } from "./waves.js";

/** Places in the memory of planes.wat, bytes. */
const PLACE = {
  basis: 0,
  order: 512,
  coarser: 576,
  weights: 1024,
  stir: 3328,
  chances: 7424,
  pixels: 9728,
  levels: 13824,
  counts: 30208,
  coded: 34816,
} as const;
const MOST_SUM = 4096;

export interface PlanePixels {
  readonly pixels: Uint8Array;
  readonly plane: Plane;
}

/** Columns and rows from a wave to those of its block that are coarser, or as coarse and known before. */
export const COARSER = [
  [-1, 0],
  [0, -1],
  [-1, -1],
  [-2, 0],
  [0, -2],
  [1, -1],
  [2, -2],
] as const;

let made: PlanesModule | null = null;

function planesModule(): PlanesModule {
  made ??= prepared(createPlanesModule());
  return made;
}

function prepared(planes: PlanesModule): PlanesModule {
  const { buffer } = planes.memory;
  new Float64Array(buffer, PLACE.basis, AREA).set(
    Array.from({ length: AREA }, (_, at) => {
      const [k, x] = [Math.floor(at / BLOCK), at % BLOCK];
      return Math.sqrt((k === 0 ? 1 : 2) / BLOCK) * Math.cos(((2 * x + 1) * k * Math.PI) / (2 * BLOCK));
    }),
  );
  const order = Array.from(ORDER);
  new Uint8Array(buffer, PLACE.order, AREA).set(order);
  new Uint8Array(buffer, PLACE.coarser, COARSER.length * AREA).set(
    order.flatMap((at) => COARSER.map((step) => rankFrom(at, step))),
  );
  const weights = order.flatMap(
    (at, rank) => SIZE_WEIGHTS[waveOf(at) <= 1 ? Math.max(0, rank - 1) : Math.min(3, waveOf(at))]!,
  );
  new Int32Array(buffer, PLACE.weights, weights.length).set(weights);
  new Uint8Array(buffer, PLACE.stir, MOST_SUM).set(
    Array.from({ length: MOST_SUM }, (_, sum) => STIR_FROM.filter((from) => sum >= from).length),
  );
  new Uint16Array(buffer, PLACE.chances, CHANCES.length).set(CHANCES);
  return planes;
}

/** 0, the means, where there is no such wave. */
function rankFrom(at: number, [across, down]: readonly [number, number]): number {
  const [x, y] = [(at % BLOCK) + across, Math.floor(at / BLOCK) + down];
  return x < 0 || y < 0 || x >= BLOCK ? 0 : RANKS[y * BLOCK + x]!;
}

/** Codes planes one after the other. The bytes never end with a zero: what is missing at the end is read as zeros. */
export function codePlanes(all: readonly PlanePixels[]): Buffer {
  const planes = planesModule();
  const memory = new Uint8Array(planes.memory.buffer);
  planes.begin();
  for (const { pixels, plane } of all) {
    memory.set(pixels, PLACE.pixels);
    planes.levels(plane.side, plane.step);
    planes.write(plane.side, plane.mean);
  }
  const length = planes.at.value - PLACE.coded;
  const bytes = Buffer.alloc(length + 4);
  bytes.set(memory.subarray(PLACE.coded, PLACE.coded + length));
  bytes.writeUInt32BE(shortestBetween(planes.low.value, planes.high.value) * 2, length);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** The number of 31 bits, both bounds included, that has the most zeros at its end, counted in bytes of the code. */
function shortestBetween(low: number, high: number): number {
  for (const unit of [2 ** 23, 2 ** 15, 2 ** 7]) {
    const number = Math.ceil(low / unit) * unit;
    if (number <= high) return number;
  }
  return low;
}

/** Reads planes that `codePlanes` wrote, in their order: their pixels. Bytes that are none of its making give pixels, too. */
export function readPlanes(bytes: Uint8Array, all: readonly Plane[]): readonly Uint8Array[] {
  const planes = planesModule();
  const memory = new Uint8Array(planes.memory.buffer);
  const coded = bytes.subarray(0, memory.length - PLACE.coded);
  memory.set(coded, PLACE.coded);
  planes.open(coded.length);
  return all.map(({ side, step, mean }) => {
    planes.read(side, mean);
    planes.pixels(side, step);
    return memory.slice(PLACE.pixels, PLACE.pixels + side * side);
  });
}

/** Pixels of a plane by its levels. */
export function pixelsOf(levels: Levels, { side, step }: Plane): Uint8Array {
  const planes = planesModule();
  const { buffer } = planes.memory;
  new Int16Array(buffer, PLACE.levels, levels.length).set(levels);
  planes.pixels(side, step);
  return new Uint8Array(buffer, PLACE.pixels, levels.length).slice();
}

/** Waves of a plane's blocks in steps. */
export function levelsOf(pixels: Uint8Array, { side, step }: Plane): Levels {
  const planes = planesModule();
  const { buffer } = planes.memory;
  new Uint8Array(buffer).set(pixels, PLACE.pixels);
  planes.levels(side, step);
  return new Int16Array(buffer, PLACE.levels, pixels.length).slice();
}

/** How often the bit of each context was 0 and 1 while `work` coded planes; the lists of likelihoods are made of it. */
export function countBits(work: () => void): readonly { readonly zeros: number; readonly ones: number }[] {
  const planes = planesModule();
  const counts = new Uint32Array(planes.memory.buffer, PLACE.counts, 2 * CHANCES.length).fill(0);
  planes.counting.value = 1;
  try {
    work();
  } finally {
    planes.counting.value = 0;
  }
  return Array.from({ length: CHANCES.length }, (_, context) => ({
    zeros: counts[2 * context]!,
    ones: counts[2 * context + 1]!,
  }));
}
