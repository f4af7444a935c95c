import type { Unsuitable } from "../model/master.js";
import type { Crop, PhotoSignature } from "../model/photo.js";
import type { ImageReader } from "../run/ports.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { chooseCrop, fitCrop } from "./crop.js";
import { decodeOwnSize } from "./decode.js";
import { detectFaces } from "./faces.js";
import { fingerprint } from "./fingerprint.js";
import { framingsFor } from "./framings.js";
import type { Gate } from "./gate.js";
import { type ImageLimits, MASTER_SIGNING_SIDE, MASTER_VERSION, SIGNATURE_VERSION } from "./limits.js";
import type { DecodedMaster, MasterShelf } from "./masters.js";
import { decodeMaster } from "./masters.js";
import { previewJpeg, PREVIEW_SIDE, greyJpeg } from "./preview.js";
import { renderCrop, renderReferences } from "./references.js";
import { fileFacts, signRaster } from "./sign.js";
import { unsuitable } from "./unsuitable.js";

/** ImageReader over given limits; `shelf` holds the last decoded masters. */
export function makeReader(limits: ImageLimits, gate: Gate, shelf: MasterShelf): ImageReader {
  async function sign(bytes: Buffer): Promise<PhotoSignature> {
    return decodeWithin(
      gate,
      limits,
      async () => bytes,
      async (_, found) => {
        const decoding = decodeOwnSize(bytes, found);
        const facts = fileFacts(bytes, found);
        return signRaster(await decoding, found, facts);
      },
    );
  }

  return {
    signatureVersion: SIGNATURE_VERSION,
    masterRecipe: String(MASTER_VERSION),
    sign,

    async signMaster(path) {
      return decodeWithin(
        gate,
        limits,
        () => readBounded(path, limits),
        async (bytes, found) => signDecodedMaster(await decodeMaster(bytes, found, MASTER_SIGNING_SIDE)),
      );
    },

    async references(path, crop, frame) {
      return renderReferences(await shelf.take(path), crop, frame);
    },

    async preview(bytes) {
      return decodeWithin(
        gate,
        limits,
        async () => bytes,
        async (_, found) => previewJpeg(await decodeOwnSize(bytes, found)),
      );
    },

    async masterPreview(path, crop) {
      const master = await shelf.take(path);
      return previewJpeg(await renderCrop(master, fitCrop(crop, master), PREVIEW_SIDE));
    },

    lumaPreview: greyJpeg,
  };
}

/**
 * Signature of a master: size, bytes and hash of the file, fingerprint of the crop that would be uploaded, because that is what is
 * found again in the stores.
 */
export async function signDecodedMaster(
  master: DecodedMaster,
): Promise<{ readonly signature: PhotoSignature; readonly crop: Crop; readonly unsuitable: Unsuitable | null }> {
  const { knownPlaceholder } = master.facts;
  const why = await unsuitable({ ...master, knownPlaceholder }, () => detectFaces(master.raster));
  const crop = await chooseCrop(master.raster, master);
  const signature = await signRaster(await renderCrop(master, crop), master, master.facts);
  const framings = await otherFramings(master, crop);
  return { signature: framings.length === 0 ? signature : { ...signature, framings }, crop, unsuitable: why };
}

/** Fingerprints of the middle and the top of a picture that is not square, where these are not the chosen crop. */
async function otherFramings(master: DecodedMaster, crop: Crop): Promise<NonNullable<PhotoSignature["framings"]>> {
  const others = framingsFor(master, crop, SQUARE).filter(({ framing }) => framing === "centre" || framing === "top");
  const found: { hash: string; dctHash: string }[] = [];
  for (const { region } of others) {
    const { hash, dctHash } = await fingerprint(await renderCrop(master, region));
    found.push({ hash, dctHash });
  }
  return found;
}

const SQUARE = { width: 1, height: 1 };
