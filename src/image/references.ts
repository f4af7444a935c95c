import type { Crop, FramedMaster } from "../model/photo.js";
import { fitCrop, regionIn, scaled, type Size } from "./crop.js";
import { type AcceptedCrops, framingsFor } from "./framings.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { DecodedMaster } from "./masters.js";
import type { Raster } from "./pixels.js";
import { extractRaster } from "./raster.js";
import { signRegion } from "./sign.js";

/**
 * The master as it would look in a frame of that many pixels, once for each framing. Rendering at the rendition's own size is what
 * makes 48 px comparable with 12 megapixels (facts/photo-comparison.md section 3).
 * @param enough ends it: no later framing is rendered
 */
export async function renderReferences(
  master: DecodedMaster,
  accepted: AcceptedCrops,
  frame: Size,
  enough: (reference: FramedMaster) => boolean = () => false,
): Promise<readonly FramedMaster[]> {
  const references: FramedMaster[] = [];
  const fitting = {
    crop: fitCrop(accepted.crop, master),
    former: accepted.former.map((crop) => fitCrop(crop, master)),
  };
  for (const { framing, region } of framingsFor(master, fitting, frame)) {
    const cut = { region: regionIn(master.raster, master, region), size: withinCanonical(frame) };
    const reference = { framing, signature: await signRegion(master.raster, cut, frame, master.facts) };
    references.push(reference);
    if (enough(reference)) break;
  }
  return references;
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
