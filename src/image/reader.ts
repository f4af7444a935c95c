import { sha256Of } from "../files/digest.js";
import type { CropChoice } from "../model/config.js";
import type { Focus } from "../model/list.js";
import type { PhotoSignature } from "../model/photo.js";
import type { ImageReader, MasterFile, SignedMaster } from "../run/ports.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { fitCrop } from "./crop.js";
import { chooseCrops, dependsOnFace } from "./choose-crop.js";
import { decodeOwnSize, previewOf } from "./decode.js";
import type { Face } from "./blazeface.js";
import { detectFaces, detectFacesQuickly } from "./faces.js";
import { hashesOf, type Hashes } from "./fingerprint.js";
import { type AcceptedCrops, framingsFor, SQUARE } from "./framings.js";
import type { ImageAccess } from "./access.js";
import { MASTER_SIGNING_SIDE, MASTER_VERSION, SIGNATURE_VERSION } from "./limits.js";
import type { DecodedMaster, MasterShelves } from "./masters.js";
import { decodeMaster, suffices, takeFor } from "./masters.js";
import { greyImage, isPreviewSize, previewImage, PREVIEW_SIDE, smallerImage } from "./preview.js";
import { startAfresh } from "./pixel-memory.js";
import type { Raster } from "./pixels.js";
import { fromRaster, onCanonical } from "./raster.js";
import { createReadyReferences, type ReadyReference } from "./ready.js";
import { renderCrop, renderReference, renderReferences, squareFramings } from "./references.js";
import { fileFacts, signRaster } from "./sign.js";
import { unsuitable } from "./unsuitable.js";

/** Pictures whose pixels are kept, of 170 KB at most: as many as are under way. Held by their bytes alone they would stay until all garbage is collected. */
const KEPT_DECODED = 8;

/**
 * ImageReader over given bounds; `shelves` hold the last decoded masters, `choice` says how their squares are cut, `usual` are sides of the
 * squares that new masters will be compared with.
 */
export function makeReader(
  access: ImageAccess,
  shelves: MasterShelves,
  choice: CropChoice,
  usual: readonly number[],
): ImageReader {
  const ready = createReadyReferences();
  /** Pixels of the small pictures that were signed last: their previews need no other. */
  const decoded = new Map<Buffer, Raster>();

  function keepDecoded(bytes: Buffer, raster: Raster): void {
    decoded.set(bytes, raster);
    const [oldest] = decoded.keys();
    if (decoded.size > KEPT_DECODED && oldest !== undefined) decoded.delete(oldest);
  }

  async function sign(bytes: Buffer): Promise<PhotoSignature> {
    return decodeWithin(
      access,
      async () => bytes,
      async (_, found) => {
        const decoding = decodeOwnSize(found);
        const facts = fileFacts(bytes, found);
        const raster = await decoding;
        if (isPreviewSize(found)) keepDecoded(bytes, raster);
        return signRaster(raster, found, facts);
      },
    );
  }

  /** The likeliest reference of a new master in the frames that are usual, and in those that were asked for. */
  async function makeReady(
    file: MasterFile,
    master: DecodedMaster,
    { crop, formerCrops }: SignedMaster,
    also: readonly number[],
  ): Promise<void> {
    const { all, likely, lumas } = squareFramings(master, { crop, former: formerCrops ?? [] });
    if (lumas === null) return;
    const sides = new Set([...usual, ...also]);
    for (const side of sides) {
      if (!suffices(master, crop, side)) continue;
      const frame = { width: side, height: side };
      const references: ReadyReference[] = [];
      for (const at of likely) {
        const reference = await renderReference(master, all[at]!, frame);
        references.push({ at, reference, others: lumas.filter((_, place) => place !== at) });
      }
      ready.keep(file, crop, frame, references, sides.size);
    }
  }

  return {
    digest: sha256Of,
    signatureVersion: SIGNATURE_VERSION,
    masterRecipe: `${MASTER_VERSION} ${choice}`,
    sign,

    async signMaster(path, focus = null, also = []) {
      ready.forget(path);
      return decodeWithin(
        access,
        () => readBounded(path, access.limits),
        async (bytes, found) => {
          const master = await decodeMaster(bytes, found, MASTER_SIGNING_SIDE);
          const signed = await signDecodedMaster(master, focus ?? choice);
          const file = { path, sha256: master.facts.sha256 };
          if (signed.unsuitable === null) await makeReady(file, master, signed, also);
          return signed;
        },
      );
    },

    async references(file, crop, frame, former = [], enough?) {
      const made = ready.take(file, crop, frame);
      const settling = made.find(({ at, reference, others }) => {
        return others.length === 0 || enough?.(reference, { lumas: () => others, later: at === 0 }) === true;
      });
      if (settling !== undefined) return [settling.reference];
      const master = await takeFor(shelves, file, crop, frame);
      const places = new Map(made.map(({ at, reference }) => [at, reference]));
      return renderReferences(master, { crop, former }, frame, enough, places);
    },

    async preview(bytes) {
      const raster = decoded.get(bytes);
      if (raster !== undefined) return previewImage(fromRaster(raster));
      return decodeWithin(
        access,
        async () => bytes,
        async (_, found) => previewOf(found),
      );
    },

    async masterPreview(file, crop) {
      const master = await takeFor(shelves, file, crop, { width: PREVIEW_SIDE, height: PREVIEW_SIDE });
      return previewImage(fromRaster(await renderCrop(master, fitCrop(crop, master), PREVIEW_SIDE)));
    },

    lumaPreview: greyImage,

    smaller: smallerImage,
  };
}

/**
 * Signature of a master: size, bytes and hash of the file, fingerprint of the crop that would be uploaded, because that is what is
 * found again in the stores. Faces are looked for at most once.
 * @param wanted a choice of crop, or the middle of the square
 */
export async function signDecodedMaster(
  master: DecodedMaster,
  wanted: CropChoice | Focus = "face",
): Promise<SignedMaster> {
  const { knownPlaceholder } = master.facts;
  let found: Promise<readonly Face[]> | null = null;
  const faces = (): Promise<readonly Face[]> => (found ??= detectFaces(master.raster));
  // Where no face decides about the crop it only has to be there.
  const anyFace = dependsOnFace(master, wanted) ? faces : () => detectFacesQuickly(master.raster);
  const why = await unsuitable({ ...master, knownPlaceholder }, anyFace);
  const accepted = await chooseCrops(master, wanted, faces);
  const { crop, former: formerCrops } = accepted;
  const signature = await signRaster(await renderCrop(master, crop), master, master.facts, "no-detail");
  const framings = await otherFramings(master, accepted);
  const signed = framings.length === 0 ? signature : { ...signature, framings };
  return { signature: signed, crop, formerCrops, unsuitable: why };
}

/** Fingerprints of the other squares of a picture that is not square: former crops, middle and top. */
async function otherFramings(
  master: DecodedMaster,
  accepted: AcceptedCrops,
): Promise<NonNullable<PhotoSignature["framings"]>> {
  const others = framingsFor(master, accepted, SQUARE)
    .slice(1)
    .filter(({ framing }) => framing !== "whole" && framing !== "stretched");
  const found: Hashes[] = [];
  for (const { region } of others) {
    const raster = await renderCrop(master, region);
    startAfresh();
    found.push(await onCanonical(raster, hashesOf));
  }
  return found;
}
