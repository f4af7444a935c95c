import { pixelMemory, put, startAfresh, take } from "./pixel-memory.js";
import { CANONICAL } from "./pixels.js";
import { createTextureModule } from "./texture-module.js";

/** Cells on each side, and pixels of the canonical image on each side of a cell. */
const CELL_SIDE = 16;
const CELLS = CELL_SIDE * CELL_SIDE;
const STEP = CANONICAL / CELL_SIDE;
/** Radius of the mean that is taken away: what is left is finer than the 64x64 luma holds. */
const RADIUS = 2;
/** Squared grey levels that compression adds and takes away everywhere. */
const NOISE = 2;
/** Steps of the code to a doubling of energy. */
const STEPS = 16;

/** A frame of fewer pixels on its longer side has too little of that fineness to tell anything by. */
export const TEXTURE_FROM = 200;

const module = createTextureModule(pixelMemory);
/** Widths of the windows of a row, those of two cells beside each other in turn, in numbers of 8 bytes (texture.wat). */
const WIDTHS_AT = 128;
putWidths();

function putWidths(): void {
  const widths = new Float64Array(pixelMemory.buffer, 8 * WIDTHS_AT, CANONICAL);
  for (let x = 0; x < CANONICAL; x++) {
    const [cell, pixel] = [Math.floor(x / STEP), x % STEP];
    const at = STEP * (cell - (cell % 2)) + 2 * pixel + (cell % 2);
    widths[at] = Math.min(CANONICAL, x + RADIUS + 1) - Math.max(0, x - RADIUS);
  }
}

/**
 * Fine detail by place: 256 cells of the canonical image, each 16 log2 of its energy, which is the mean square of what a 5x5 mean leaves, plus 2 and by 2
 * (grey levels squared): 0 is none, 16 twice the noise, at most 208.
 * @param luma 128x128 of the canonical image
 */
export function textureOf(luma: Uint8Array): Uint8Array {
  startAfresh();
  return textureAt(put(luma));
}

/** @param luma its place in the memory of the modules */
export function textureAt(luma: number): Uint8Array {
  const at = take(8 * CELLS);
  module.texture(luma, at);
  const texture = new Uint8Array(CELLS);
  const energies = new Float64Array(pixelMemory.buffer, at, CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    texture[cell] = Math.round(STEPS * Math.log2((energies[cell]! / (STEP * STEP) + NOISE) / NOISE));
  }
  return texture;
}
