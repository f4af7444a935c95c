import sharp from "sharp";
import { faceSvg } from "./drawing/face.js";
import { addGrain } from "./drawing/grain.js";
import { keptDrawing } from "./drawings.js";
import { randomFrom } from "./random.js";

/** Pixels of a portrait as a viewer shows it (EXIF applied), and how the file stores it. */
export interface PortraitShape {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation of the file: 1 upright, 6 and 8 lying, 3 upside down. */
  readonly orientation: 1 | 3 | 6 | 8;
}

const SIDES = [600, 600, 620, 640, 640, 660, 680, 700, 720, 720, 760, 800, 1000, 1600] as const;
/** Larger ones are drawn smaller and enlarged: grain, not lines, carries their fine detail. */
const LARGEST_DRAWN = 760;
const DRAWN_SMALLER = 640;

/** The shape `drawPortrait(seed, side)` will have, without drawing it. */
export function portraitShape(seed: number, side?: number): PortraitShape {
  if (side !== undefined) return { width: side, height: side, orientation: 1 };
  const random = randomFrom("portrait-shape", seed);
  const shorter = random.pick(SIDES);
  const tall = random.chance(0.22);
  const orientation = random.chance(0.12) ? random.pick([3, 6, 8] as const) : 1;
  return { width: shorter, height: tall ? Math.round(shorter * 1.25) : shorter, orientation };
}

const ROTATION = { 1: 0, 3: 180, 6: 270, 8: 90 } as const;

/**
 * A drawn portrait as JPEG: another person for every seed, the same bytes for the same seed. Without `side` the shape is the seed's own
 * (600-1600 px shorter side, some 4:5, some stored lying with an EXIF orientation); with `side` it is an upright square of that size.
 */
export function drawPortrait(seed: number, side?: number): Promise<Buffer> {
  return keptDrawing(`portrait:${seed}:${side ?? ""}`, () => draw(seed, side));
}

async function draw(seed: number, side?: number): Promise<Buffer> {
  const shape = portraitShape(seed, side);
  const random = randomFrom("portrait", seed);
  const scale = shape.width <= LARGEST_DRAWN ? 1 : DRAWN_SMALLER / shape.width;
  const svg = faceSvg(random, Math.round(shape.width * scale), Math.round(shape.height * scale));
  const drawing = sharp(Buffer.from(svg)).removeAlpha().toColourspace("srgb");
  if (scale !== 1) drawing.resize(shape.width, shape.height, { fit: "fill", kernel: "linear" });
  const drawn = await drawing.raw().toBuffer();
  const cell = Math.max(1, Math.round(Math.min(shape.width, shape.height) / 640));
  addGrain(drawn, shape.width, shape.height, random.integer(0, 400_000), cell);
  const picture = sharp(drawn, { raw: { width: shape.width, height: shape.height, channels: 3 } });
  if (shape.orientation === 1) return picture.jpeg({ quality: 90 }).toBuffer();
  return picture
    .rotate(ROTATION[shape.orientation])
    .withMetadata({ orientation: shape.orientation })
    .jpeg({ quality: 90 })
    .toBuffer();
}
