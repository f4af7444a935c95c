import { createHash } from "node:crypto";
import type { PhotoSignature } from "../model/photo.js";
import { fingerprint } from "./fingerprint.js";
import { jpegQuality } from "./jpeg-quality.js";
import { SIGNATURE_VERSION } from "./limits.js";
import { isKnownPlaceholder, KNOWN_PLACEHOLDER_SCORE } from "./placeholder.js";
import type { Probe } from "./probe.js";
import type { Raster } from "./pixels.js";
import { lumaOf } from "./raster.js";
import { spectrumOf } from "./spectrum.js";
import { TEXTURE_FROM, textureOf } from "./texture.js";

/** The part of a signature that belongs to the file, not to the picture in it. */
export interface FileFacts {
  readonly sha256: string;
  readonly byteLength: number;
  readonly format: string;
  readonly jpegQuality: number | null;
  readonly knownPlaceholder: boolean;
}

export function fileFacts(bytes: Buffer, found: Probe): FileFacts {
  return {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    byteLength: bytes.length,
    format: found.format,
    jpegQuality: found.format === "jpeg" ? jpegQuality(bytes) : null,
    knownPlaceholder: isKnownPlaceholder(bytes),
  };
}

/**
 * @param raster the picture with its longer side at most 648 px
 * @param frame the pixels it stands for
 * @param measured whether its detail is: only that of renditions and of references is ever compared
 */
export async function signRaster(
  raster: Raster,
  frame: { readonly width: number; readonly height: number },
  facts: FileFacts,
  measured: "detail" | "no-detail" = "detail",
): Promise<PhotoSignature> {
  const printed = fingerprint(raster);
  const spectrum = measured === "detail" ? spectrumOf(lumaOf(raster), raster.width, raster.height) : [];
  const { hash, dctHash, luma, fullLuma, chroma, placeholderScore } = await printed;
  const fine = Math.max(raster.width, raster.height) >= TEXTURE_FROM;
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
    ...(fine ? { texture: textureOf(fullLuma) } : {}),
    spectrum,
    placeholderScore: facts.knownPlaceholder ? KNOWN_PLACEHOLDER_SCORE : placeholderScore,
    jpegQuality: facts.jpegQuality,
    version: SIGNATURE_VERSION,
  };
}
