import { CELL_SIDE, type ColourCells, recolouredCells, type Rgb } from "./cells.js";
import { boxMean } from "./high-pass.js";

/** Channels from here on are clipped or nearly so: a gain says nothing of them. */
const CLIPPED = 245;
const LEAST_CELLS = 12;

/** Chroma that different causes leave unexplained: root mean squares of distances in a*b*, softened as 4:2:0 softens. */
export interface Unexplained {
  /** No cause at all: the change itself. */
  readonly nothing: number;
  /** The saturation that fits best. */
  readonly saturation: number;
  /** The white balance that fits best: a gain for each channel. */
  readonly balance: number;
}

/** What is left of the change from `before` to `after` by the causes that somebody wants. */
export function leftByWishes(before: ColourCells, after: ColourCells): Unexplained {
  const shown = chromaPlanes(after);
  const planes = chromaPlanes(before);
  return {
    nothing: apart(planes, shown),
    saturation: apart(scaled(planes, saturationFrom(planes, shown)), shown),
    balance: leftBy(balanced(before, after), after),
  };
}

/** What is left where `supposed` is what the picture should look like. */
export function leftBy(supposed: ColourCells, after: ColourCells): number {
  return apart(chromaPlanes(supposed), chromaPlanes(after));
}

/** Chroma of the second regressed on that of the first; 1 where there is none. */
export function saturationFrom([a, b]: ChromaPlanes, [p, q]: ChromaPlanes): number {
  let [common, own] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    common += a[at]! * p[at]! + b[at]! * q[at]!;
    own += a[at]! * a[at]! + b[at]! * b[at]!;
  }
  return own === 0 ? 1 : common / own;
}

/** a* and b*, spread over neighbouring cells: 4:2:0 and soft kernels do so at borders, by every amount. */
export type ChromaPlanes = readonly [a: Float32Array, b: Float32Array];

export function chromaPlanes(cells: ColourCells): ChromaPlanes {
  return [boxMean(cells.a, CELL_SIDE, 1), boxMean(cells.b, CELL_SIDE, 1)];
}

function scaled([a, b]: ChromaPlanes, by: number): ChromaPlanes {
  return [a.map((value) => by * value), b.map((value) => by * value)];
}

function apart([a, b]: ChromaPlanes, [p, q]: ChromaPlanes): number {
  let squares = 0;
  for (let at = 0; at < a.length; at++) squares += (a[at]! - p[at]!) ** 2 + (b[at]! - q[at]!) ** 2;
  return Math.sqrt(squares / a.length);
}

/** The first picture under the gains that bring its channels nearest to the second one's. */
function balanced(before: ColourCells, after: ColourCells): ColourCells {
  const told: number[] = [];
  for (let at = 0; at < before.l.length; at++) {
    const brightest = Math.max(before.red[at]!, before.green[at]!, before.blue[at]!);
    if (Math.max(brightest, after.red[at]!, after.green[at]!, after.blue[at]!) < CLIPPED) told.push(at);
  }
  const cells = told.length < LEAST_CELLS ? before.l.map((_, at) => at) : told;
  const gain = (from: Float32Array, to: Float32Array): number => {
    let [common, own] = [0, 0];
    for (const at of cells) {
      common += from[at]! * to[at]!;
      own += from[at]! * from[at]!;
    }
    return own === 0 ? 1 : common / own;
  };
  const [red, green, blue] = [
    gain(before.red, after.red),
    gain(before.green, after.green),
    gain(before.blue, after.blue),
  ];
  return recolouredCells(before, ([r, g, b]: Rgb) => [red * r, green * g, blue * b]);
}
