import type { ColourChange } from "../../model/photo.js";
import { boxMean } from "./high-pass.js";
import { CELL_SIDE, CELLS, type ColourCells } from "./cells.js";
import { chromaPlanes, saturationFrom } from "./explained.js";
import { medianOf, selected } from "./order.js";

/** The change of so many cells is no chance: one may lie on an edge. */
const SPOT = 2;
/** Channels outside hold clipping or noise. */
const CHANNEL = { low: 40, high: 245 } as const;
/** Lightness outside is clipped, or too dark for a ratio. */
const LIGHTNESS = { low: 10, high: 94 } as const;
/** Least cells that must say something about a measure. */
const LEAST_CELLS = 12;
/** Quantile of shifts that says the cast: nearly the median, and none where the picture is of two minds. */
const AGREED = 0.45;
/** Root mean square of chroma under which a picture is grey. */
const GREY = 2;

/** From when on a cell counts as changed. */
export interface VisibleChange {
  /** Distance in L*a*b*, chroma weighted as in CIE94. */
  readonly distance: number;
  /**
   * Differences are means over a cell and those around it, sign and all: noise and sharpening cancel each other out, another backdrop
   * does not.
   */
  readonly softened: boolean;
  /** Share of the step to the next cell that a slip of the frame may have moved into a cell: a slip of 1 % moves 0.16. */
  readonly slip: number;
}

/**
 * Measures how the colours of a picture differ from those of the same picture in the same frame. Every measure is a median or a share, so
 * that a part of the picture - a backdrop, a shirt - cannot speak for the whole.
 */
export function colourChange(reference: ColourCells, rendition: ColourCells, visible: VisibleChange): ColourChange {
  const distances = distancesOf(reference, rendition, visible);
  let changed = 0;
  for (const distance of distances) if (distance > visible.distance) changed++;
  return {
    changedShare: changed / distances.length,
    spot: selected(distances, distances.length, distances.length - SPOT),
    lightness: lightnessOf(reference, rendition),
    contrast: contrastOf(reference, rendition),
    cast: castOf(reference, rendition),
    saturation: saturationOf(reference, rendition),
  };
}

/** Distance of each cell in L*a*b*. */
function distancesOf(reference: ColourCells, rendition: ColourCells, visible: VisibleChange): Float32Array {
  const l = apart(reference.l, rendition.l, visible);
  const a = apart(reference.a, rendition.a, visible);
  const b = apart(reference.b, rendition.b, visible);
  for (let at = 0; at < l.length; at++) {
    const colour = length(a[at]!, b[at]!) / (1 + 0.03 * length(reference.a[at]!, reference.b[at]!));
    l[at] = length(l[at]!, colour);
  }
  return l;
}

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Differences of cells, less what a slip of the frame may have moved into them. */
function apart(reference: Float32Array, rendition: Float32Array, { slip, softened }: VisibleChange): Float32Array {
  const differences = new Float32Array(reference.length);
  for (let at = 0; at < differences.length; at++) {
    const difference = rendition[at]! - reference[at]!;
    const moved = slip * Math.max(stepAt(reference, at), stepAt(rendition, at));
    differences[at] = Math.sign(difference) * Math.max(0, Math.abs(difference) - moved);
  }
  return softened ? soft(differences) : differences;
}

/** Largest difference to a neighbour. */
function stepAt(values: Float32Array, at: number): number {
  const x = at % CELL_SIDE;
  const value = values[at]!;
  const left = x > 0 ? Math.abs(values[at - 1]! - value) : 0;
  const right = x < CELL_SIDE - 1 ? Math.abs(values[at + 1]! - value) : 0;
  const above = at >= CELL_SIDE ? Math.abs(values[at - CELL_SIDE]! - value) : 0;
  const below = at + CELL_SIDE < values.length ? Math.abs(values[at + CELL_SIDE]! - value) : 0;
  return Math.max(left, right, above, below);
}

/** Numbers of one measure, and of two more, while it is worked out. */
const first = new Float64Array(CELLS);
const second = new Float64Array(CELLS);
const third = new Float64Array(CELLS);

function lightnessOf(reference: ColourCells, rendition: ColourCells): number {
  let told = 0;
  for (let at = 0; at < CELLS; at++) {
    const before = reference.l[at]!;
    const after = rendition.l[at]!;
    if (before < LIGHTNESS.low || before > LIGHTNESS.high || after > 98) continue;
    first[told++] = after / before;
  }
  return told < LEAST_CELLS ? 1 : medianOf(first, told);
}

function contrastOf(reference: ColourCells, rendition: ColourCells): number {
  const before = deviation(reference.l);
  return before < 2 ? 1 : deviation(rendition.l) / before;
}

/**
 * A white balance multiplies the channels, everywhere by the same factors. 4:2:0 and soft kernels shift them, too, where colours are strong,
 * but by every amount: so the quantile that is nearest to none counts.
 */
function castOf(reference: ColourCells, rendition: ColourCells): number {
  const before = softened(reference);
  const after = softened(rendition);
  let told = 0;
  for (let at = 0; at < CELLS; at++) {
    const r = before.red[at]!;
    const g = before.green[at]!;
    const b = before.blue[at]!;
    const red = after.red[at]!;
    const green = after.green[at]!;
    const blue = after.blue[at]!;
    if (Math.min(r, g, b, red, green, blue) < CHANNEL.low) continue;
    if (Math.max(r, g, b, red, green, blue) > CHANNEL.high) continue;
    const byGreen = Math.log(green / g);
    first[told] = Math.log(red / r) - byGreen;
    second[told] = Math.log(blue / b) - byGreen;
    third[told] = first[told]! - second[told]!;
    told++;
  }
  if (told < LEAST_CELLS) return 0;
  return 100 * Math.max(...[first, second, third].map((shifts) => nearestToNone(shifts, told, AGREED)));
}

/** The smaller of the absolute values at a quantile and at its counterpart; 0 where they have different signs. */
function nearestToNone(values: Float64Array, count: number, quantile: number): number {
  const last = count - 1;
  const low = selected(values, count, Math.floor(quantile * last));
  return Math.max(0, low, -selected(values, count, Math.ceil((1 - quantile) * last)));
}

type Channels = Pick<ColourCells, "red" | "green" | "blue">;

/** Of cells that are compared several times. */
const softChannels = new WeakMap<ColourCells, Channels>();

function softened(cells: ColourCells): Channels {
  let made = softChannels.get(cells);
  if (made === undefined) {
    made = { red: soft(cells.red), green: soft(cells.green), blue: soft(cells.blue) };
    softChannels.set(cells, made);
  }
  return made;
}

/** Of pictures that have colour at all. */
function saturationOf(reference: ColourCells, rendition: ColourCells): number | null {
  const planes = chromaPlanes(reference);
  return energy(planes[0]) + energy(planes[1]) < GREY * GREY * CELLS
    ? null
    : saturationFrom(planes, chromaPlanes(rendition));
}

function energy(plane: Float32Array): number {
  let squares = 0;
  for (const value of plane) squares += value * value;
  return squares;
}

function soft(values: Float32Array): Float32Array {
  return boxMean(values, CELL_SIDE, 1);
}

function deviation(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}
