import { labRoot, srgbLight } from "../model/colour.js";
import type { Crop } from "../model/photo.js";
import { centreSquare, clamp, type Size } from "./crop.js";
import type { Raster } from "./pixels.js";
import { fromRaster } from "./raster.js";
import { reduceRaster } from "./reduce.js";

/** Where a square lies in a picture, in its pixels. */
interface Offset {
  readonly left: number;
  readonly top: number;
}

/** Cells on each side of what is looked at; the picture is pressed into as many, whatever its shape. */
const SIDE = 32;
/** Colours of skin as a direction in XYZ, as smartcrop.js and libvips have it. */
const SKIN = [0.78, 0.57, 0.44] as const;
/** Y up to which a cell is too dark to have a colour, of 100. */
const DARK = 5;
/** The white of D65. */
const WHITE = { x: 95.047, y: 100 };
/** A Gaussian ends where it falls below this part of its middle, and is counted in twentieths. */
const LEAST_WEIGHT = 0.2;
const WEIGHTS = 20;

const single = Math.fround;

/**
 * The square that libvips' attention strategy (skin tones, edges, saturation) finds; it may move up from the middle of an upright
 * portrait or sideways in a wide one, never down: below the middle there are hands and badges, not faces. Where it fails the middle is taken.
 * @param raster the master at reduced scale
 * @param size its full size; the crop is in these pixels
 */
export async function attentionSquare(raster: Raster, size: Size): Promise<Crop> {
  const centre = centreSquare(size);
  if (Math.min(raster.width, raster.height) < 16) return centre;
  const offset = attentionOffset(raster) ?? (await askedOfLibrary(raster));
  if (offset === null) return centre;
  const left = clamp(Math.round((offset.left / raster.width) * size.width), 0, size.width - centre.width);
  const top = clamp(Math.round((offset.top / raster.height) * size.height), 0, centre.top);
  return { ...centre, left, top };
}

/** The library's own answer, for pictures that are not looked at here; null where it fails. */
async function askedOfLibrary(raster: Raster): Promise<Offset | null> {
  const side = Math.min(raster.width, raster.height);
  try {
    const { info } = await fromRaster(raster)
      .resize(side, side, { fit: "cover", position: "attention" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    // sharp reports how far the image was moved under the frame: zero or negative.
    return { left: Math.abs(info.cropOffsetLeft ?? 0), top: Math.abs(info.cropOffsetTop ?? 0) };
  } catch {
    return null;
  }
}

/**
 * Where the attention strategy of the image library (libvips 8.18, `smartcrop`) would cut the largest square: around the cell that has most of
 * edges, skin and saturation, blurred by the size of the square. The same offsets as the library's in single precision, in a tenth of its
 * time. null for a picture that would have to be enlarged, or is large: `reduceRaster`.
 */
export function attentionOffset(raster: Raster): Offset | null {
  const { width, height } = raster;
  const cells = reduceRaster(raster, { left: 0, top: 0, width, height }, SIDE, SIDE);
  if (cells === null) return null;
  const side = Math.min(width, height);
  const [across, down] = [SIDE / width, SIDE / height];
  const sigma = Math.max(Math.hypot(side * across, side * down) / 10, 1);
  const at = brightest(blurred(interestOf(cells.data), gaussian(sigma)));
  const around = (cell: number, scale: number, length: number): number => {
    return clamp(Math.trunc(cell / scale) - (side >> 1), 0, length - side);
  };
  return { left: around(at % SIDE, across, width), top: around(Math.floor(at / SIDE), down, height) };
}

/** Linear light of an sRGB byte. */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => srgbLight(single(value / 255)));

/** Edges of Y, likeness to skin and a* of LAB of each cell, added. */
function interestOf(pixels: Uint8Array): Float32Array {
  const cells = SIDE * SIDE;
  const [x, y, z] = [new Float32Array(cells), new Float32Array(cells), new Float32Array(cells)];
  for (let i = 0; i < cells; i++) {
    const red = LINEAR[pixels[3 * i]!]!;
    const green = LINEAR[pixels[3 * i + 1]!]!;
    const blue = LINEAR[pixels[3 * i + 2]!]!;
    x[i] = 41.24 * red + 35.76 * green + 18.056 * blue;
    y[i] = 21.26 * red + 71.52 * green + 7.22 * blue;
    z[i] = 1.93 * red + 11.92 * green + 95.05 * blue;
  }
  const interest = new Float32Array(cells);
  for (let i = 0; i < cells; i++) {
    const edge = Math.abs(single(5 * edgeAt(y, i)));
    if (y[i]! <= DARK) interest[i] = edge;
    else interest[i] = single(edge + skinOf(x[i]!, y[i]!, z[i]!)) + saturationOf(x[i]!, y[i]!);
  }
  return interest;
}

/** Four times a cell less its neighbours; at the border the cell is its own neighbour. */
function edgeAt(plane: Float32Array, at: number): number {
  const column = at % SIDE;
  const left = column > 0 ? at - 1 : at;
  const right = column < SIDE - 1 ? at + 1 : at;
  const above = at >= SIDE ? at - SIDE : at;
  const below = at + SIDE < plane.length ? at + SIDE : at;
  return single(4 * plane[at]! - plane[left]! - plane[right]! - plane[above]! - plane[below]!);
}

/** 100 for the direction of skin, less for others. */
function skinOf(x: number, y: number, z: number): number {
  const length = lengthOf(x, y, z);
  const a = single(single(x / length) - single(SKIN[0]));
  const b = single(single(y / length) - single(SKIN[1]));
  const c = single(single(z / length) - single(SKIN[2]));
  const away = lengthOf(a, b, c);
  return single(single(-100 * away) + 100);
}

function lengthOf(x: number, y: number, z: number): number {
  return single(Math.sqrt(single(single(single(x * x) + single(y * y)) + single(z * z))));
}

/** a* of LAB: from green to red. */
function saturationOf(x: number, y: number): number {
  return single(500 * single(rootOf(x / WHITE.x) - rootOf(y / WHITE.y)));
}

/** Steps in which the library knows the cube root of a part of white; between them it is a line. */
const STEPS = 100_000;

function rootOf(part: number): number {
  const place = single(STEPS * part);
  const step = clamp(Math.trunc(place), 0, STEPS - 2);
  const here = rootAt(step);
  return single(here + single(single(place - step) * single(rootAt(step + 1) - here)));
}

function rootAt(step: number): number {
  return single(labRoot(single(step / STEPS)));
}

/** Whole weights of a Gaussian, the middle one in the middle. */
function gaussian(sigma: number): readonly number[] {
  const at = (distance: number): number => Math.exp(-(distance * distance) / (2 * sigma * sigma));
  let reach = 0;
  while (reach + 1 < 8 * sigma && at(reach + 1) >= LEAST_WEIGHT) reach++;
  return Array.from({ length: 2 * reach + 1 }, (_, index) => Math.round(WEIGHTS * at(index - reach)));
}

/** Across, then down; beyond the border its last cell goes on. */
function blurred(plane: Float32Array, weights: readonly number[]): Float32Array {
  const reach = weights.length >> 1;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const inside = (place: number): number => clamp(place, 0, SIDE - 1);
  const along = (from: Float32Array, cellAt: (line: number, place: number) => number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < SIDE; line++) {
      for (let place = 0; place < SIDE; place++) {
        let total = 0;
        for (let k = 0; k < weights.length; k++) total += weights[k]! * from[cellAt(line, inside(place + k - reach))]!;
        to[cellAt(line, place)] = total / sum;
      }
    }
    return to;
  };
  const across = along(plane, (line, place) => SIDE * line + place);
  return along(across, (line, place) => SIDE * place + line);
}

/** The first of the largest. */
function brightest(plane: Float32Array): number {
  let best = 0;
  for (let i = 1; i < plane.length; i++) if (plane[i]! > plane[best]!) best = i;
  return best;
}
