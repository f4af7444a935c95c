import type { ColourChange } from "../../model/photo.js";
import { boxMean } from "./high-pass.js";
import { CELL_SIDE, type ColourCells } from "./cells.js";
import { chromaPlanes, saturationFrom } from "./explained.js";

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
  return {
    changedShare: distances.reduce((sum, distance) => sum + Number(distance > visible.distance), 0) / distances.length,
    spot: distances.toSorted().at(-SPOT)!,
    lightness: lightnessOf(reference, rendition),
    contrast: contrastOf(reference, rendition),
    cast: castOf(reference, rendition),
    saturation: saturationOf(reference, rendition),
  };
}

/** Distance of each cell in L*a*b*. */
function distancesOf(reference: ColourCells, rendition: ColourCells, visible: VisibleChange): Float32Array {
  const [l, a, b] = (["l", "a", "b"] as const).map((plane) => apart(reference[plane], rendition[plane], visible));
  return reference.l.map((_, at) => {
    const chroma = Math.hypot(reference.a[at]!, reference.b[at]!);
    return Math.hypot(l![at]!, Math.hypot(a![at]!, b![at]!) / (1 + 0.03 * chroma));
  });
}

/** Differences of cells, less what a slip of the frame may have moved into them. */
function apart(reference: Float32Array, rendition: Float32Array, { slip, softened }: VisibleChange): Float32Array {
  const differences = reference.map((before, at) => {
    const difference = rendition[at]! - before;
    const moved = slip * Math.max(stepAt(reference, at), stepAt(rendition, at));
    return Math.sign(difference) * Math.max(0, Math.abs(difference) - moved);
  });
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

function lightnessOf(reference: ColourCells, rendition: ColourCells): number {
  const ratios: number[] = [];
  for (let at = 0; at < reference.l.length; at++) {
    const [before, after] = [reference.l[at]!, rendition.l[at]!];
    if (before < LIGHTNESS.low || before > LIGHTNESS.high || after > 98) continue;
    ratios.push(after / before);
  }
  return ratios.length < LEAST_CELLS ? 1 : median(ratios);
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
  const [before, after] = [softened(reference), softened(rendition)];
  const red: number[] = [];
  const blue: number[] = [];
  for (let at = 0; at < reference.l.length; at++) {
    const values = [before.red, before.green, before.blue, after.red, after.green, after.blue].map((one) => one[at]!);
    if (values.some((value) => value < CHANNEL.low || value > CHANNEL.high)) continue;
    const green = Math.log(values[4]! / values[1]!);
    red.push(Math.log(values[3]! / values[0]!) - green);
    blue.push(Math.log(values[5]! / values[2]!) - green);
  }
  if (red.length < LEAST_CELLS) return 0;
  const both = red.map((value, at) => value - blue[at]!);
  return 100 * Math.max(...[red, blue, both].map((shifts) => nearestToNone(shifts, AGREED)));
}

/** The smaller of the absolute values at a quantile and at its counterpart; 0 where they have different signs. */
function nearestToNone(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  const [low, high] = [sorted[Math.floor(quantile * last)]!, sorted[Math.ceil((1 - quantile) * last)]!];
  return Math.max(0, low, -high);
}

function softened(cells: ColourCells): Pick<ColourCells, "red" | "green" | "blue"> {
  return { red: soft(cells.red), green: soft(cells.green), blue: soft(cells.blue) };
}

/** Of pictures that have colour at all. */
function saturationOf(reference: ColourCells, rendition: ColourCells): number | null {
  const planes = chromaPlanes(reference);
  const squares = planes.reduce((sum, plane) => sum + plane.reduce((part, value) => part + value * value, 0), 0);
  return squares < GREY * GREY * reference.l.length ? null : saturationFrom(planes, chromaPlanes(rendition));
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

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1]!;
}
