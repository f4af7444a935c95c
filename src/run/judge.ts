import { decide, THRESHOLDS } from "../compare/photo/index.js";
import type { MasterPhoto, PhotoSignature, PhotoVerdict } from "../model/index.js";
import type { ImageReader } from "./ports.js";
import type { AuditRecords } from "./records.js";

export interface Judge {
  /** Does the rendition show the master? Answered once for the same bytes, crop and thresholds. */
  verdict(master: Extract<MasterPhoto, { kind: "usable" }>, rendition: PhotoSignature): Promise<PhotoVerdict>;
}

/** @param pathOf absolute path of a file of the source folder */
export function createJudge(images: ImageReader, records: AuditRecords, pathOf: (file: string) => string): Judge {
  return {
    async verdict(master, rendition) {
      const { left, top, width, height } = master.crop;
      const masterKey = `${master.signature.sha256}:${left},${top},${width},${height}`;
      const thresholds = `${THRESHOLDS.version}/${images.signatureVersion}`;
      const known = records.verdict(masterKey, rendition.sha256, thresholds);
      if (known !== null) return known;
      const references = await images.references(pathOf(master.file), master.crop, rendition);
      const verdict = { ...decide(references, rendition), thresholds };
      records.saveVerdict(masterKey, rendition.sha256, verdict);
      return verdict;
    },
  };
}
