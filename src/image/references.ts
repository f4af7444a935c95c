import type { Crop, FramedMaster } from "../model/photo.js";
import { fitCrop, regionIn, scaled, type Size } from "./crop.js";
import { type AcceptedCrops, type FramedRegion, framingsFor } from "./framings.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { DecodedMaster } from "./masters.js";
import { halved, lumaAt } from "./measure.js";
import { CANONICAL, type Raster } from "./pixels.js";
import { startAfresh } from "./pixel-memory.js";
import { extractRaster } from "./raster.js";
import { reduceRegion } from "./reduce.js";
import { signRegion } from "./sign.js";

/** Whether a reference is enough to judge by. @param others 64x64 luma of the other framings, or null where they are not at hand */
export type Enough = (reference: FramedMaster, others: () => readonly Uint8Array[] | null) => boolean;

/**
 * The master as it would look in a frame of that many pixels, once for each framing. Rendering at the rendition's own size is what
 * makes 48 px comparable with 12 megapixels (facts/photo-comparison.md section 3).
 * @param enough ends it: no later framing is rendered
 * @param first the reference of the likeliest framing, where it was made before
 */
export async function renderReferences(
  master: DecodedMaster,
  accepted: AcceptedCrops,
  frame: Size,
  enough: Enough = () => false,
  first: FramedMaster | null = null,
): Promise<readonly FramedMaster[]> {
  const references: FramedMaster[] = [];
  const framings = framingsFor(master, fittingIn(master, accepted), frame);
  const others = () => lumaOfRegions(master, framings.slice(1));
  for (const [at, framed] of framings.entries()) {
    const made = at === 0 ? first : null;
    const reference = made ?? (await renderReference(master, framed, frame));
    references.push(reference);
    if (enough(reference, at === 0 ? others : () => null)) break;
  }
  return references;
}

/** 64x64 luma of every framing but the likeliest, for a first look; null where one would have to be enlarged. */
export function otherLumas(master: DecodedMaster, accepted: AcceptedCrops, frame: Size): readonly Uint8Array[] | null {
  return lumaOfRegions(master, framingsFor(master, fittingIn(master, accepted), frame).slice(1));
}

function fittingIn(master: DecodedMaster, { crop, former }: AcceptedCrops): AcceptedCrops {
  return { crop: fitCrop(crop, master), former: former.map((one) => fitCrop(one, master)) };
}

async function renderReference(
  master: DecodedMaster,
  { framing, region }: FramedRegion,
  frame: Size,
): Promise<FramedMaster> {
  const cut = { region: regionIn(master.raster, master, region), size: withinCanonical(frame) };
  return { framing, signature: await signRegion(master.raster, cut, frame, master.facts) };
}

function lumaOfRegions(master: DecodedMaster, framings: readonly FramedRegion[]): readonly Uint8Array[] | null {
  const lumas: Uint8Array[] = [];
  for (const { region } of framings) {
    startAfresh();
    const canonical = reduceRegion(master.raster, regionIn(master.raster, master, region), CANONICAL, CANONICAL);
    if (canonical === null) return null;
    lumas.push(halved(lumaAt(canonical)));
  }
  return lumas;
}

/** The picture inside a crop, at most `side` px and never larger than the master was decoded. */
export async function renderCrop(master: DecodedMaster, crop: Crop, side: number = CANONICAL_SIDE): Promise<Raster> {
  const scale = Math.min(master.raster.width / master.width, side / Math.max(crop.width, crop.height));
  const { width, height } = scaled(crop, scale);
  return extractRaster(master.raster, regionIn(master.raster, master, crop), width, height);
}

function withinCanonical(frame: Size): Size {
  return scaled(frame, Math.min(1, CANONICAL_SIDE / Math.max(frame.width, frame.height)));
}
