import { decide, isSettledBy, looksLikePlaceholder, THRESHOLDS, type MasterIndex } from "../compare/photo/index.js";
import { cropKey, type MasterPhoto } from "../model/master.js";
import type { PhotoSignature, PhotoVerdict } from "../model/photo.js";
import type { ImageReader } from "./ports.js";
import { keepsAllPreviews } from "./previews.js";
import { createVersions, historyKey, mayBeOlder, NOTHING_KNOWN, type PictureHistory } from "./versions.js";
import type { PictureRecords } from "./records/pictures.js";
import type { UserRecords } from "./records/users.js";

export interface Judge {
  /** Of every picture something is kept to be shown: the tenant is small. */
  readonly keepsAll: boolean;
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
  const thresholds = `${THRESHOLDS.version}/${images.signatureVersion}`;

  async function once(
    key: string,
    { sha256 }: PhotoSignature,
    answer: () => PhotoVerdict | Promise<PhotoVerdict>,
  ): Promise<PhotoVerdict> {
    const known = records.verdict(key, sha256, thresholds);
    if (known !== null) return known;
    const verdict = { ...(await answer()), thresholds };
    records.saveVerdict(key, sha256, verdict);
    return verdict;
  }

  return {
    keepsAll,

    async verdict(master, rendition, history) {
      const { crop, formerCrops = [] } = master;
      const key = `${master.signature.sha256}:${[crop, ...formerCrops].map(cropKey).join(";")}`;
      const verdict = await once(key, rendition, async () => {
        const references = await images.references(
          pathOf(master.file),
          crop,
          rendition,
          formerCrops,
          (reference, others) => isSettledBy(reference, rendition, others),
        );
        return decide(references, rendition);
      });
      const shown = { master: master.signature, rendition, history: history ?? NOTHING_KNOWN };
      if (!mayBeOlder(verdict, shown)) return verdict;
      return once(`${key}:${historyKey(shown.history)}`, rendition, () => versions.decide(verdict, shown));
    },
    isWorthShowing(verdict, rendition) {
      if (keepsAll) return true;
      if (verdict !== null) return verdict.kind !== "same" || verdict.upscaled || verdict.distorted;
      return looksLikePlaceholder(rendition) || masters.candidates(rendition, 1).length > 0;
    },
  };
}
