import { sha256Of } from "../files/digest.js";
import type { PhotoSignature, ReferenceSignature } from "../model/photo.js";
import type { Size } from "./crop.js";
import { fingerprintOf, looksOf } from "./fingerprint.js";
import { jpegQuality } from "./jpeg-quality.js";
import { SIGNATURE_VERSION } from "./limits.js";
import { isKnownPlaceholder, KNOWN_PLACEHOLDER_SCORE } from "./placeholder.js";
import type { Probe } from "./probe.js";
import { type Placed, placeOf, startAfresh } from "./pixel-memory.js";
import type { Raster, Region } from "./pixels.js";
import { extractRaster, onCanonical, onCanonicalOf } from "./raster.js";
import { reduceRegion } from "./reduce.js";
import { spectrumAt } from "./spectrum.js";
import { TEXTURE_FROM } from "./texture.js";

/** The part of a signature that belongs to the file, not to the picture in it. */
export interface FileFacts {
  readonly sha256: string;
  readonly byteLength: number;
  readonly format: string;
  readonly jpegQuality: number | null;
  readonly knownPlaceholder: boolean;
}

export function fileFacts(bytes: Buffer, found: Pick<Probe, "format">): FileFacts {
  return {
    sha256: sha256Of(bytes),
    byteLength: bytes.length,
    format: found.format,
    jpegQuality: found.format === "jpeg" ? jpegQuality(bytes) : null,
    knownPlaceholder: isKnownPlaceholder(bytes),
  };
}

/** Pixels that a picture stands for. */
type Frame = Pick<PhotoSignature, "width" | "height">;

/**
 * @param raster the picture with its longer side at most 648 px
 * @param frame the pixels it stands for
 * @param measured whether its detail is: only that of renditions and of references is ever compared
 */
export async function signRaster(
  raster: Raster,
  frame: Frame,
  facts: FileFacts,
  measured: "detail" | "no-detail" = "detail",
): Promise<PhotoSignature> {
  startAfresh();
  const spectrum = measured === "detail" ? spectrumAt(placeOf(raster)) : [];
  const found = await onCanonical(raster, (canonical) => fingerprintOf(canonical, isFine(raster)));
  const { hash, dctHash, luma, chroma, texture, placeholderScore } = found;
  return {
    sha256: facts.sha256,
    width: frame.width,
    height: frame.height,
    byteLength: facts.byteLength,
    format: facts.format,
    hash,
    dctHash,
    luma,
    chroma,
    ...(texture === undefined ? {} : { texture }),
    spectrum,
    placeholderScore: facts.knownPlaceholder ? KNOWN_PLACEHOLDER_SCORE : placeholderScore,
    jpegQuality: facts.jpegQuality,
    version: SIGNATURE_VERSION,
  };
}

/**
 * What a rendition is compared with: a region of a master as it looks at that size.
 * @param frame the pixels it stands for
 */
export async function signRegion(
  master: Raster,
  { region, size }: { readonly region: Region; readonly size: Size },
  frame: Frame,
  facts: FileFacts,
): Promise<ReferenceSignature> {
  startAfresh();
  const reduced = reduceRegion(master, region, size.width, size.height);
  if (reduced !== null) return signReference(reduced, frame, facts);
  const raster = await extractRaster(master, region, size.width, size.height);
  startAfresh();
  return signReference(placeOf(raster), frame, facts);
}

/** To be called without a pause after the picture was put there. */
async function signReference(placed: Placed, frame: Frame, facts: FileFacts): Promise<ReferenceSignature> {
  const spectrum = spectrumAt(placed);
  const looks = await onCanonicalOf(placed, (canonical) => looksOf(canonical, isFine(placed)));
  const { sha256, jpegQuality } = facts;
  return { sha256, width: frame.width, height: frame.height, ...looks, spectrum, jpegQuality };
}

function isFine({ width, height }: Size): boolean {
  return Math.max(width, height) >= TEXTURE_FROM;
}
