import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";

/** Of a signature only what tells whether it is up to date, and what pictures are searched by. */
export type SignatureHashes = Pick<PhotoSignature, "version" | "hash" | "dctHash" | "framings">;

/** What is known of pictures by their content: the same bytes are never measured or judged twice. */
export interface PictureRecords {
  saveSignature(signature: PhotoSignature): void;
  signature(sha256: string): PhotoSignature | null;
  /** The same without what costs time to read. */
  signatureHashes(sha256: string): SignatureHashes | null;
  /** @param key SHA-256 of a stored picture, or what begins with MASTER_PREVIEW; forgotten with the signature of that SHA-256 */
  savePreview(key: string, picture: Buffer): void;
  hasPreview(key: string): boolean;
  /** null where none was kept. */
  preview(key: string): Promise<Buffer | null>;
  verdict(masterKey: string, renditionSha: string, thresholds: string): PhotoVerdict | null;
  /** What was ever found of this picture under this master, in whatever crop of it. */
  verdictsOn(masterSha: string, renditionSha: string): readonly PhotoVerdict[];
  /** @param masterKey the master's SHA-256, a colon, and what else the verdict hangs on */
  saveVerdict(masterKey: string, renditionSha: string, verdict: PhotoVerdict): void;
}
