import type { Raster } from "./pixels.js";
import { fromRaster } from "./raster.js";

/** A quality tried for uploads, best first. */
interface Rung {
  readonly quality: number;
  /** The usual size of a photo at it, by that at the first. */
  readonly share: number;
  /** Most that the standard's tables of codes make of the size with tables of the picture's own. */
  readonly plain: number;
}

/** Sizes of 120 pictures of 648 px, portraits and noisy drawings, lie within a sixth of these shares; from a rung to its neighbour nearly all within 3 %. */
const RUNGS: readonly Rung[] = [
  { quality: 92, share: 1, plain: 1.05 },
  { quality: 88, share: 0.79, plain: 1.07 },
  { quality: 84, share: 0.65, plain: 1.08 },
  { quality: 80, share: 0.55, plain: 1.09 },
  { quality: 75, share: 0.465, plain: 1.12 },
  { quality: 70, share: 0.42, plain: 1.14 },
  { quality: 64, share: 0.37, plain: 1.17 },
  { quality: 58, share: 0.34, plain: 1.19 },
  { quality: 52, share: 0.31, plain: 1.21 },
];
/** Under a limit of fewer bytes every byte counts, and the tables alone are some of them. */
const TIGHT = 40_000;

export interface BestJpeg {
  readonly jpeg: Buffer;
  readonly quality: number;
}

/**
 * The best quality that fits, or null. Baseline JPEG; sharp writes no metadata unless told to. What was made foretells which quality fits, so that three are made instead
 * of up to nine: the best that fits and its neighbour that does not among them.
 * @param first the quality that is tried first: it makes no difference but for the time
 */
export async function bestWithin(
  raster: Raster,
  maxBytes: number,
  first: number = RUNGS[0]!.quality,
): Promise<BestJpeg | null> {
  let tooLarge = -1;
  let fitting = RUNGS.length;
  let best: Buffer | null = null;
  let at = Math.max(
    0,
    RUNGS.findIndex(({ quality }) => quality === first),
  );
  while (fitting - tooLarge > 1) {
    const jpeg = await encode(raster, RUNGS[at]!, maxBytes);
    const whole = jpeg.length / RUNGS[at]!.share;
    if (jpeg.length <= maxBytes) [fitting, best] = [at, jpeg];
    else tooLarge = at;
    at = tooLarge + 1;
    while (at < fitting - 1 && whole * RUNGS[at]!.share > maxBytes) at++;
  }
  return best === null ? null : { jpeg: best, quality: RUNGS[fitting]!.quality };
}

/** With the standard's tables of codes it takes a third of the time; the picture's own are made where they may make it fit. */
async function encode(raster: Raster, { quality, plain }: Rung, maxBytes: number): Promise<Buffer> {
  const options = { quality, progressive: false } as const;
  if (maxBytes < TIGHT) return fromRaster(raster).jpeg(options).toBuffer();
  const quick = await fromRaster(raster)
    .jpeg({ ...options, optimiseCoding: false })
    .toBuffer();
  if (quick.length <= maxBytes || quick.length > plain * maxBytes) return quick;
  return fromRaster(raster).jpeg(options).toBuffer();
}
