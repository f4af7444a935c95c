/** A point of a picture in pixels, from its left top corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A face in a picture: where it is, never whose it is. `score` is 0 to 1; the box spans brows to chin, in pixels. */
export interface Face {
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly eyes: readonly [Point, Point];
  readonly mouth: Point;
}

/** Guesses a cell of the two feature maps: a fine and a coarse one. */
const EACH = [2, 6] as const;

/** Numbers a guess: box (x, y, width, height), then x, y of right eye, left eye, nose, mouth and both ears. */
const VALUES = 16;
const OVERLAP = 0.3;

/** A feature map of the network's answer, row by row: logits (one channel a guess) or boxes (16 a guess) of each cell. */
export interface AnswerMap {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/**
 * Decodes BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047, section 3): offsets are pixels of the input from the middle of a
 * cell. Guesses that overlap are one face, the surest stands for them. Coordinates are those of the input.
 * @param width of the input, in pixels
 */
export function decodeFaces(answers: readonly AnswerMap[], width: number, leastScore: number): readonly Face[] {
  const found: Face[] = [];
  for (const each of EACH) {
    const scores = answers.find(({ channels }) => channels === each);
    const boxes = answers.find(({ channels }) => channels === each * VALUES);
    if (scores === undefined || boxes === undefined) continue;
    const { rows, columns } = scores;
    const pixels = width / columns;
    for (let i = 0; i < rows * columns * each; i++) {
      const score = 1 / (1 + Math.exp(-scores.values[i]!));
      if (score < leastScore) continue;
      const cell = Math.floor(i / each);
      const middle = { x: ((cell % columns) + 0.5) * pixels, y: (Math.floor(cell / columns) + 0.5) * pixels };
      found.push(faceAt(boxes.values.subarray(i * VALUES, (i + 1) * VALUES), middle, score));
    }
  }
  const kept: Face[] = [];
  for (const face of found.sort((a, b) => b.score - a.score)) {
    if (!kept.some((other) => overlap(other, face) > OVERLAP)) kept.push(face);
  }
  return kept;
}

function faceAt(values: Float32Array, middle: Point, score: number): Face {
  const point = (at: number): Point => ({
    x: values[at]! + middle.x,
    y: values[at + 1]! + middle.y,
  });
  const centre = point(0);
  const [width, height] = [values[2]!, values[3]!];
  return {
    score,
    left: centre.x - width / 2,
    top: centre.y - height / 2,
    width,
    height,
    eyes: [point(4), point(6)],
    mouth: point(10),
  };
}

/** Shared area by total area, 0 to 1. */
function overlap(a: Face, b: Face): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}
