import type { Crop, FramedMaster, OtherFramings } from "../model/photo.js";
import { centreSquare, fitCrop, regionIn, scaled, type Size, within } from "./crop.js";
import { type AcceptedCrops, type FramedRegion, framingsFor, SQUARE } from "./framings.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { DecodedMaster } from "./masters.js";
import { lumaAt } from "./measure.js";
import type { Raster } from "./pixels.js";
import { bytesAt, startAfresh } from "./pixel-memory.js";
import { extractRaster } from "./raster.js";
import { reduceRegion } from "./reduce.js";
import { signRegion } from "./sign.js";

/** Whether a reference is enough to judge by. */
export type Enough = (reference: FramedMaster, others: OtherFramings) => boolean;

/**
 * The master as it would look in a frame of that many pixels, once for each framing. Rendering at the rendition's own size is what
 * makes 48 px comparable with 12 megapixels (facts/photo-comparison.md section 3).
 * @param enough ends it: no later framing is rendered
 * @param made references that were made before, by their places among the framings
 */
export async function renderReferences(
  master: DecodedMaster,
  accepted: AcceptedCrops,
  frame: Size,
  enough: Enough = () => false,
  made: ReadonlyMap<number, FramedMaster> = NONE,
): Promise<readonly FramedMaster[]> {
  const references: FramedMaster[] = [];
  const framings = framingsFor(master, fittingIn(master, accepted), frame);
  for (const [at, framed] of framings.entries()) {
    const reference = made.get(at) ?? (await renderReference(master, framed, frame));
    references.push(reference);
    const lumas = () => (at === 0 ? smallLumas(master, framings.slice(1)) : null);
    if (enough(reference, { lumas, later: true })) break;
  }
  return references;
}

const NONE: ReadonlyMap<number, FramedMaster> = new Map();

/** A master's framings of a square frame, whatever its size. */
export interface SquareFramings {
  readonly all: readonly FramedRegion[];
  /** Places of those that a stored picture likely has: the one that is uploaded, and the middle, which most other tools take. */
  readonly likely: readonly number[];
  /** 32x32 luma of each; null where one would have to be enlarged. */
  readonly lumas: readonly Uint8Array[] | null;
}

export function squareFramings(master: DecodedMaster, accepted: AcceptedCrops): SquareFramings {
  const all = framingsFor(master, fittingIn(master, accepted), SQUARE);
  const middle = centreSquare(master);
  const other = all.findIndex(
    ({ region }) => region.left === middle.left && region.top === middle.top && region.width === middle.width,
  );
  return { all, likely: other > 0 ? [0, other] : [0], lumas: all.length === 1 ? [] : smallLumas(master, all) };
}

function fittingIn(master: DecodedMaster, { crop, former }: AcceptedCrops): AcceptedCrops {
  return { crop: fitCrop(crop, master), former: former.map((one) => fitCrop(one, master)) };
}

export async function renderReference(
  master: DecodedMaster,
  { framing, region }: FramedRegion,
  frame: Size,
): Promise<FramedMaster> {
  const cut = { region: regionIn(master.raster, master, region), size: within(frame, CANONICAL_SIDE) };
  return { framing, signature: await signRegion(master.raster, cut, frame, master.facts) };
}

function smallLumas(master: DecodedMaster, framings: readonly FramedRegion[]): readonly Uint8Array[] | null {
  const lumas: Uint8Array[] = [];
  for (const { region } of framings) {
    startAfresh();
    const small = reduceRegion(master.raster, regionIn(master.raster, master, region), SMALL, SMALL);
    if (small === null) return null;
    lumas.push(bytesAt(lumaAt(small), SMALL * SMALL).slice());
  }
  return lumas;
}

/** Pixels on each side of what a first look needs. */
const SMALL = 32;

/** The picture inside a crop, at most `side` px and never larger than the master was decoded. */
export async function renderCrop(master: DecodedMaster, crop: Crop, side: number = CANONICAL_SIDE): Promise<Raster> {
  const scale = Math.min(master.raster.width / master.width, side / Math.max(crop.width, crop.height));
  const { width, height } = scaled(crop, scale);
  return extractRaster(master.raster, regionIn(master.raster, master, crop), width, height);
}
