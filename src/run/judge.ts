import { decide, isSettledBy, looksLikePlaceholder, THRESHOLDS, type MasterIndex } from "../compare/photo/index.js";
import type { MasterPhoto } from "../model/master.js";
import type { PhotoSignature, PhotoVerdict } from "../model/photo.js";
import type { Crop } from "../model/shapes.js";
import type { ImageReader } from "./ports.js";
import { keepsAllPreviews } from "./previews.js";
import { createVersions, type PictureHistory } from "./versions.js";
import type { PictureRecords } from "./records/pictures.js";
import type { UserRecords } from "./records/users.js";

export interface Judge {
  /** Does the rendition show the master? Answered once for the same bytes, crop and thresholds; what is known of the place decides between versions. */
  verdict(
    master: Extract<MasterPhoto, { kind: "usable" }>,
    rendition: PhotoSignature,
    history?: PictureHistory,
  ): Promise<PhotoVerdict>;
  /** A picture that a report may have to show; `verdict` null: there is no master. Only of these a preview is worth its time and room. */
  isWorthShowing(verdict: PhotoVerdict | null, rendition: PhotoSignature): boolean;
}

/**
 * Made after the directory was read: small tenants keep every preview.
 * @param pathOf absolute path of a file of the source folder
 * @param masters every current and retired master
 */
export function createJudge(
  images: ImageReader,
  records: PictureRecords & UserRecords,
  pathOf: (file: string) => string,
  masters: MasterIndex,
): Judge {
  const keepsAll = keepsAllPreviews(records);
  const versions = createVersions(records);

  async function againstMaster(
    master: Extract<MasterPhoto, { kind: "usable" }>,
    rendition: PhotoSignature,
  ): Promise<PhotoVerdict> {
    const { crop, formerCrops = [] } = master;
    const masterKey = `${master.signature.sha256}:${[crop, ...formerCrops].map(cropKey).join(";")}`;
    const thresholds = `${THRESHOLDS.version}/${images.signatureVersion}`;
    const known = records.verdict(masterKey, rendition.sha256, thresholds);
    if (known !== null) return known;
    const references = await images.references(pathOf(master.file), crop, rendition, formerCrops, (reference) =>
      isSettledBy(reference, rendition),
    );
    const verdict = { ...decide(references, rendition), thresholds };
    records.saveVerdict(masterKey, rendition.sha256, verdict);
    return verdict;
  }

  return {
    async verdict(master, rendition, history) {
      const verdict = await againstMaster(master, rendition);
      return history === undefined
        ? verdict
        : versions.decide(verdict, { master: master.signature, rendition, history });
    },
    isWorthShowing(verdict, rendition) {
      if (keepsAll) return true;
      if (verdict !== null) return verdict.kind !== "same" || verdict.upscaled || verdict.distorted;
      return looksLikePlaceholder(rendition) || masters.candidates(rendition, 1).length > 0;
    },
  };
}

function cropKey({ left, top, width, height }: Crop): string {
  return [left, top, width, height].join(",");
}
