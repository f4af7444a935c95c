import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";

/** What is known of pictures by their content: the same bytes are never measured or judged twice. */
export interface PictureRecords {
  saveSignature(signature: PhotoSignature): void;
  signature(sha256: string): PhotoSignature | null;
  savePreview(sha256: string, picture: Buffer): void;
  hasPreview(sha256: string): boolean;
  /** null where none was kept. */
  preview(sha256: string): Promise<Buffer | null>;
  verdict(masterKey: string, renditionSha: string, thresholds: string): PhotoVerdict | null;
  saveVerdict(masterKey: string, renditionSha: string, verdict: PhotoVerdict): void;
}
