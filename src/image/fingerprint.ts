import { imageHashOf } from "./block-hash.js";
import { chromaOf } from "./chroma.js";
import { dctHash } from "./dct-hash.js";
import { placeholderStatistic } from "./placeholder.js";
import type { Raster } from "./pixels.js";
import { canonicalOf, lumaOf } from "./raster.js";

const LUMA = 64;

export interface Fingerprint {
  readonly hash: string;
  readonly dctHash: string;
  readonly luma: Uint8Array;
  /** Luma of the whole canonical image, 128x128. */
  readonly fullLuma: Uint8Array;
  readonly chroma: Uint8Array;
  readonly placeholderScore: number;
}

/** Fingerprint of a picture by way of its canonical image: 128x128 pixels, whatever the aspect ratio was. */
export async function fingerprint(raster: Raster): Promise<Fingerprint> {
  const canonical = await canonicalOf(raster);
  const fullLuma = lumaOf(canonical);
  const luma = halve(fullLuma, canonical.width);
  return {
    hash: imageHashOf(canonical),
    dctHash: dctHash(luma),
    luma,
    fullLuma,
    chroma: chromaOf(canonical),
    placeholderScore: placeholderStatistic(canonical.data, fullLuma),
  };
}

/** 128x128 -> 64x64 by the mean of four pixels. */
function halve(luma: Uint8Array, side: number): Uint8Array {
  const half = new Uint8Array(LUMA * LUMA);
  for (let y = 0; y < LUMA; y++) {
    for (let x = 0; x < LUMA; x++) {
      const at = 2 * y * side + 2 * x;
      half[y * LUMA + x] = (luma[at]! + luma[at + 1]! + luma[at + side]! + luma[at + side + 1]! + 2) >> 2;
    }
  }
  return half;
}
