import { roomFor } from "../model/web-assembly.js";
import { createEnlargeModule } from "./enlarge-module.js";
import type { Raster } from "./pixels.js";

/** Four input pixels, in order, and their weights for each output pixel of a line. */
interface Taps {
  readonly at: Int32Array;
  readonly weights: Float64Array;
}

const module = createEnlargeModule();
/** Bytes that the module may touch behind what it is given. */
const SPARE = 16;

/**
 * A small picture enlarged by the cubic of Catmull and Rom, borders repeated: the kernel by which the image library enlarges, without the
 * millisecond that its pipeline costs and without its shift by half an output pixel.
 * @param width not less than the raster's
 * @param height not less than the raster's
 */
export function enlargeRaster(raster: Raster, width: number, height: number): Raster {
  const line = 3 * width;
  const across = tapsFor(raster.width, width, 3 * 8);
  const down = tapsFor(raster.height, height, line * 4);
  const next = placesFrom(0);
  const [weights, weightsDown] = [next(across.weights.byteLength), next(down.weights.byteLength)];
  const [at, atDown] = [next(across.at.byteLength), next(down.at.byteLength)];
  const [row, wide] = [next(3 * raster.width * 8), next(line * raster.height * 4)];
  const [input, out] = [next(raster.data.length), next(line * height)];
  const buffer = roomFor(module.memory, next(0));
  new Float64Array(buffer, weights).set(across.weights);
  new Float64Array(buffer, weightsDown).set(down.weights);
  new Int32Array(buffer, at).set(across.at);
  new Int32Array(buffer, atDown).set(down.at);
  new Uint8Array(buffer, input).set(raster.data);
  module.widen(input, 3 * raster.width, raster.height, row, at, weights, width, wide);
  module.heighten(wide, line, atDown, weightsDown, height, out);
  return { data: Buffer.from(new Uint8Array(buffer, out, line * height)), width, height };
}

/** Gives places in memory one behind the other, each for so many bytes. */
function placesFrom(start: number): (bytes: number) => number {
  let free = start;
  return (bytes) => {
    const place = free;
    free = (place + bytes + SPARE + 7) & ~7;
    return place;
  };
}

/** @param step from one input pixel to the next, in bytes of the module's memory */
function tapsFor(from: number, to: number, step: number): Taps {
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
  return { at, weights };
}
