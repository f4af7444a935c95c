import { AREA, BLOCK, ORDER, type Levels, type Plane } from "../../../src/state/pixels/waves.js";

/** What planes.wat does between pixels and levels, written down once more; sums are taken in the same order. */

/** `BASIS[k * 8 + x]`: wave k at place x. */
const BASIS = Float64Array.from({ length: AREA }, (_, at) => {
  const [k, x] = [Math.floor(at / BLOCK), at % BLOCK];
  return Math.sqrt((k === 0 ? 1 : 2) / BLOCK) * Math.cos(((2 * x + 1) * k * Math.PI) / (2 * BLOCK));
});

/** Pixels of one block -> 64 coefficients, row by row, both in place. */
function toWaves(block: Float64Array): void {
  alongRows(block, forwards);
  transpose(block);
  alongRows(block, forwards);
  transpose(block);
}

function toPixels(block: Float64Array): void {
  alongRows(block, backwards);
  transpose(block);
  alongRows(block, backwards);
  transpose(block);
}

const line = new Float64Array(BLOCK);

function alongRows(block: Float64Array, transform: (block: Float64Array, from: number) => void): void {
  for (let from = 0; from < AREA; from += BLOCK) {
    for (let x = 0; x < BLOCK; x++) line[x] = block[from + x]!;
    transform(block, from);
  }
}

/** Even waves are alike on both sides of the middle, odd ones opposite: half of the products do. */
function forwards(block: Float64Array, from: number): void {
  const a0 = line[0]! + line[7]!;
  const a1 = line[1]! + line[6]!;
  const a2 = line[2]! + line[5]!;
  const a3 = line[3]! + line[4]!;
  const b0 = line[0]! - line[7]!;
  const b1 = line[1]! - line[6]!;
  const b2 = line[2]! - line[5]!;
  const b3 = line[3]! - line[4]!;
  for (let k = 0, t = 0; k < BLOCK; k += 2, t += 2 * BLOCK) {
    block[from + k] = BASIS[t]! * a0 + BASIS[t + 1]! * a1 + BASIS[t + 2]! * a2 + BASIS[t + 3]! * a3;
    block[from + k + 1] = BASIS[t + 8]! * b0 + BASIS[t + 9]! * b1 + BASIS[t + 10]! * b2 + BASIS[t + 11]! * b3;
  }
}

function backwards(block: Float64Array, from: number): void {
  for (let x = 0; x < BLOCK / 2; x++) {
    let even = 0;
    let odd = 0;
    for (let k = 0; k < BLOCK; k += 2) {
      even += BASIS[k * BLOCK + x]! * line[k]!;
      odd += BASIS[(k + 1) * BLOCK + x]! * line[k + 1]!;
    }
    block[from + x] = even + odd;
    block[from + 7 - x] = even - odd;
  }
}

function transpose(block: Float64Array): void {
  for (let y = 1; y < BLOCK; y++) {
    for (let x = 0; x < y; x++) {
      const kept = block[y * BLOCK + x]!;
      block[y * BLOCK + x] = block[x * BLOCK + y]!;
      block[x * BLOCK + y] = kept;
    }
  }
}

const scratch = new Float64Array(AREA);

/** Waves of a plane's blocks in steps. */
export function levelsOf(pixels: Uint8Array, { side, step }: Plane): Levels {
  const levels = new Int16Array(side * side);
  const across = side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) {
    const corner = Math.floor(block / across) * BLOCK * side + (block % across) * BLOCK;
    for (let at = 0; at < AREA; at++) scratch[at] = pixels[corner + (at >> 3) * side + (at & 7)]!;
    toWaves(scratch);
    for (let rank = 0; rank < AREA; rank++) {
      levels[rank * blocks + block] = Math.round(scratch[ORDER[rank]!]! / step);
    }
  }
  return levels;
}

/** Pixels of a plane by its levels. */
export function pixelsOf(levels: Levels, { side, step }: Plane): Uint8Array {
  const pixels = new Uint8ClampedArray(side * side);
  const across = side / BLOCK;
  const blocks = across * across;
  for (let block = 0; block < blocks; block++) {
    const corner = Math.floor(block / across) * BLOCK * side + (block % across) * BLOCK;
    for (let rank = 0; rank < AREA; rank++) scratch[ORDER[rank]!] = levels[rank * blocks + block]! * step;
    toPixels(scratch);
    for (let at = 0; at < AREA; at++) pixels[corner + (at >> 3) * side + (at & 7)] = scratch[at]!;
  }
  return new Uint8Array(pixels.buffer);
}
