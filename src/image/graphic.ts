import { createGraphicModule } from "./graphic-module.js";
import { lumaAt } from "./measure.js";
import { pixelMemory, placeOf, startAfresh } from "./pixel-memory.js";
import type { Raster } from "./pixels.js";

/** Side of a tile, in pixels. */
const TILE = 8;
const PIXELS = TILE * TILE;
/** Luma levels: a tile whose pixels stray less is explained, and a tile whose lightest and darkest pixel lie nearer holds one colour. */
const EXPLAINED = 2;
const ONE_COLOUR = 24;
/** Shares of a tile's pixels that must stray less from one plane, or from two: an edge is soft at its middle. */
const LEAST_OF_ONE = Math.floor(PIXELS * 0.9) + 1;
const LEAST_OF_TWO = Math.floor(PIXELS * 0.7) + 1;

const module = createGraphicModule(pixelMemory);
/** Places in the memory, in numbers of 8 bytes (graphic.wat). */
const RIGHT_AT = 512;
const BELOW_AT = 576;
const BOTH_AT = 640;
putPlaces();

/** Where the pixels of a tile are, from its middle. */
function putPlaces(): void {
  const numbers = new Float64Array(pixelMemory.buffer);
  for (let at = 0; at < PIXELS; at++) {
    const [right, below] = [(at % TILE) - 3.5, Math.floor(at / TILE) - 3.5];
    numbers[RIGHT_AT + at] = right;
    numbers[BELOW_AT + at] = below;
    numbers.set([right, below], BOTH_AT + 2 * at);
  }
}

/**
 * How much of a picture cannot be drawn with flat colours, gradients and edges: the share of 8x8 tiles, 0 to 1, in which luma is
 * neither a plane nor two planes along an edge. Silhouettes, initials and tiles of colour have up to a half of them (thin strokes,
 * compression), photos of studio portraits rarely less. What is left of 8 pixels at the right and below is not looked at.
 */
export function unexplainedShare(raster: Raster): number {
  const { width, height } = raster;
  const tiles = Math.floor(width / TILE) * Math.floor(height / TILE);
  if (tiles === 0) return 0;
  startAfresh();
  const luma = lumaAt(placeOf(raster));
  return module.unexplained(luma, width, height, EXPLAINED, LEAST_OF_ONE, LEAST_OF_TWO, ONE_COLOUR) / tiles;
}

/** Whether no pixel differs from any other by more than rounding and compression do: blank, or one colour. */
export function isOneColour({ data }: Pick<Raster, "data">): boolean {
  for (let channel = 0; channel < 3; channel++) {
    let [low, high] = [255, 0];
    for (let i = channel; i < data.length; i += 3) {
      low = Math.min(low, data[i]!);
      high = Math.max(high, data[i]!);
      if (high - low > 6) return false;
    }
  }
  return true;
}
