import sharp, { type Sharp } from "sharp";
import type { Reference } from "../../../../src/compare/photo/index.js";
import { createImageReader, imageAccess } from "../../../../src/image/index.js";
import { type DecodedMaster, decodeMaster } from "../../../../src/image/masters.js";
import { probe } from "../../../../src/image/probe.js";
import { signDecodedMaster } from "../../../../src/image/reader.js";
import { renderReferences } from "../../../../src/image/references.js";
import type { Crop, PhotoSignature } from "../../../../src/model/photo.js";
import { portrait, type Sitter } from "../../image/pictures.js";

export const images = createImageReader();

/** A drawn master, decoded and signed. */
export interface Drawn {
  readonly bytes: Buffer;
  readonly master: DecodedMaster;
  readonly crop: Crop;
  readonly formerCrops?: readonly Crop[];
  readonly signature: PhotoSignature;
}

export async function draw(sitter: Sitter, width = 700, height = width): Promise<Drawn> {
  return openDrawn(await portrait(sitter, width, height));
}

export async function openDrawn(bytes: Buffer): Promise<Drawn> {
  const master = await decodeMaster(bytes, await probe(bytes, imageAccess()));
  return { bytes, master, ...(await signDecodedMaster(master)) };
}

export async function referencesOf(drawn: Drawn, rendition: PhotoSignature): Promise<readonly Reference[]> {
  return renderReferences(drawn.master, { crop: drawn.crop, former: drawn.formerCrops ?? [] }, rendition);
}

/** A rendition of the whole picture: resized, re-encoded, signed. */
export async function stored(
  bytes: Buffer,
  side: number,
  change: (image: Sharp) => Sharp = (image) => image,
  quality = 82,
): Promise<PhotoSignature> {
  return images.sign(
    await change(sharp(bytes).resize(side, side, { fit: "cover" }))
      .jpeg({ quality })
      .toBuffer(),
  );
}
