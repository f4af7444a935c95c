import { createEnlargeModule } from "./enlarge-module.js";
import { pixelMemory, type Placed, placeOf, put, rasterOf, startAfresh, take } from "./pixel-memory.js";
import type { Raster } from "./pixels.js";

/** Four input pixels, in order, and their weights for each output pixel of a line, as the module reads them. */
interface Taps {
  /** i32 */
  readonly at: Uint8Array;
  /** f64 */
  readonly weights: Uint8Array;
}

const module = createEnlargeModule(pixelMemory);

/**
 * A small picture enlarged by the cubic of Catmull and Rom, borders repeated: the kernel by which the image library enlarges, without the
 * millisecond that its pipeline costs and without its shift by half an output pixel.
 * @param width not less than the raster's
 * @param height not less than the raster's
 */
export function enlargeRaster(raster: Raster, width: number, height: number): Raster {
  startAfresh();
  return rasterOf(enlargePlaced(placeOf(raster), width, height));
}

/** The same of a picture in the memory of the modules, left there. */
export function enlargePlaced(placed: Placed, width: number, height: number): Placed {
  const line = 3 * width;
  const across = tapsFor(placed.width, width, 3 * 8);
  const down = tapsFor(placed.height, height, line * 4);
  const [weights, weightsDown] = [put(across.weights), put(down.weights)];
  const [places, placesDown] = [put(across.at), put(down.at)];
  const [row, wide] = [take(3 * placed.width * 8), take(line * placed.height * 4)];
  const at = take(line * height);
  module.widen(placed.at, 3 * placed.width, placed.height, row, places, weights, width, wide);
  module.heighten(wide, line, placesDown, weightsDown, height, at);
  return { at, width, height };
}

const remembered = new Map<string, Taps>();
/** Taps that are remembered: stored pictures have few sizes. */
const REMEMBERED = 32;

/** @param step from one input pixel to the next, in bytes of the module's memory */
function tapsFor(from: number, to: number, step: number): Taps {
  const key = `${from} ${to} ${step}`;
  let taps = remembered.get(key);
  if (taps === undefined) {
    if (remembered.size >= REMEMBERED) remembered.clear();
    taps = madeTaps(from, to, step);
    remembered.set(key, taps);
  }
  return taps;
}

function madeTaps(from: number, to: number, step: number): Taps {
  const at = new Int32Array(4 * to);
  const weights = new Float64Array(4 * to);
  for (let x = 0; x < to; x++) {
    const place = ((x + 0.5) * from) / to - 0.5;
    const left = Math.floor(place);
    const f = place - left;
    for (let k = 0; k < 4; k++) at[4 * x + k] = step * Math.min(from - 1, Math.max(0, left - 1 + k));
    weights[4 * x] = Math.fround(f * (-0.5 + f * (1 - 0.5 * f)));
    weights[4 * x + 1] = Math.fround(1 + f * f * (-2.5 + 1.5 * f));
    weights[4 * x + 2] = Math.fround(f * (0.5 + f * (2 - 1.5 * f)));
    weights[4 * x + 3] = Math.fround(f * f * (-0.5 + 0.5 * f));
  }
  return { at: new Uint8Array(at.buffer), weights: new Uint8Array(weights.buffer) };
}
