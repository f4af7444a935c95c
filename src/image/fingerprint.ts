import { imageHashOf } from "./block-hash.js";
import { chromaOf } from "./chroma.js";
import { dctHash } from "./dct-hash.js";
import { cellsOf, halved, lumaAt, tonesOf } from "./measure.js";
import type { Placed } from "./pixel-memory.js";
import { placeholderStatistic } from "./placeholder.js";
import { textureAt } from "./texture.js";

/** What two pictures are compared by. */
export interface Looks {
  readonly hash: string;
  readonly luma: Uint8Array;
  readonly chroma: Uint8Array;
  readonly texture?: Uint8Array;
}

/** What one of many pictures is found by. */
export interface Hashes {
  readonly hash: string;
  readonly dctHash: string;
}

export interface Fingerprint extends Looks, Hashes {
  readonly placeholderScore: number;
}

/**
 * All that is known of a picture by its canonical image: 128x128 pixels, whatever the aspect ratio was.
 * @param fine whether the picture had pixels enough for its texture
 */
export function fingerprintOf(canonical: Placed, fine: boolean): Fingerprint {
  const luma = lumaAt(canonical);
  const looks = looksBy(canonical, luma, fine);
  const tones = tonesOf(canonical, luma);
  const placeholderScore = placeholderStatistic(tones, canonical.width * canonical.height);
  return { ...looks, dctHash: dctHash(looks.luma), placeholderScore };
}

export function looksOf(canonical: Placed, fine: boolean): Looks {
  return looksBy(canonical, lumaAt(canonical), fine);
}

export function hashesOf(canonical: Placed): Hashes {
  return { hash: imageHashOf(cellsOf(canonical)), dctHash: dctHash(halved(lumaAt(canonical))) };
}

function looksBy(canonical: Placed, luma: number, fine: boolean): Looks {
  const cells = cellsOf(canonical);
  const [hash, chroma] = [imageHashOf(cells), chromaOf(cells)];
  return { hash, luma: halved(luma), chroma, ...(fine ? { texture: textureAt(luma) } : {}) };
}
