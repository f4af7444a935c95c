import { decide, isSettledBy, looksLikePlaceholder, THRESHOLDS, type MasterIndex } from "../compare/photo/index.js";
import { PhotodriftError } from "../model/errors.js";
import { cropKey, type MasterPhoto } from "../model/master.js";
import type { PhotoSignature, PhotoVerdict } from "../model/photo.js";
import type { ImageReader } from "./ports.js";
import { keepsAllPreviews } from "./previews.js";
import { createVersions, historyKey, mayBeOlder, NOTHING_KNOWN, type PictureHistory } from "./versions.js";
import type { Rereading, UsableMaster } from "./reread-masters.js";
import type { PictureRecords } from "./records/pictures.js";
import type { UserRecords } from "./records/users.js";

export interface Judge {
  /** Of every picture something is kept to be shown: the tenant is small. */
  readonly keepsAll: boolean;
  /**
   * Does the rendition show the master? Answered once for the same bytes, crop and thresholds; what is known of the place decides between versions.
   * Where the file of the master is not any more what was read of it, it is read again, and what it is now counts; null where that is no master.
   */
  verdict(master: UsableMaster, rendition: PhotoSignature, history?: PictureHistory): Promise<PhotoVerdict | null>;
  /** Masters read again so far: what was known of them before no longer counts. */
  rereadMasters(): number;
  /** A picture that a report may have to show; `verdict` null: there is no master. Only of these a preview is worth its time and room. */
  isWorthShowing(verdict: PhotoVerdict | null, rendition: PhotoSignature): boolean;
}

/**
 * Made after the directory was read: small tenants keep every preview.
 * @param pathOf absolute path of a file of the source folder
 * @param masters every current and retired master
 * @param rereading of masters that changed since they were read
 */
export function createJudge(
  images: ImageReader,
  records: PictureRecords & UserRecords,
  pathOf: (file: string) => string,
  masters: MasterIndex,
  rereading: Rereading,
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

  async function verdictOn(
    master: UsableMaster,
    rendition: PhotoSignature,
    history: PictureHistory,
  ): Promise<PhotoVerdict> {
    const { crop, formerCrops = [] } = master;
    const { sha256 } = master.signature;
    const key = `${sha256}:${[crop, ...formerCrops].map(cropKey).join(";")}`;
    const verdict = await once(key, rendition, async () => {
      const references = await images.references(
        { path: pathOf(master.file), sha256 },
        crop,
        rendition,
        formerCrops,
        (reference, others) => isSettledBy(reference, rendition, others),
      );
      return decide(references, rendition);
    });
    const shown = { master: master.signature, rendition, history };
    if (!mayBeOlder(verdict, shown)) return verdict;
    return once(`${key}:${historyKey(history)}`, rendition, () => versions.decide(verdict, shown));
  }

  return {
    keepsAll,

    async verdict(master, rendition, history = NOTHING_KNOWN) {
      let now: MasterPhoto = master;
      while (now.kind === "usable") {
        try {
          return await verdictOn(now, rendition, history);
        } catch (error) {
          if (!(error instanceof PhotodriftError)) throw error;
          now = await rereading.read(now, error);
        }
      }
      return null;
    },

    rereadMasters: () => rereading.count(),

    isWorthShowing(verdict, rendition) {
      if (keepsAll) return true;
      if (verdict !== null) return verdict.kind !== "same" || verdict.upscaled || verdict.distorted;
      return looksLikePlaceholder(rendition) || masters.candidates(rendition, 1).length > 0;
    },
  };
}
