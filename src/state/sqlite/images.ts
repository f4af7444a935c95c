import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";
import type { PictureRecords } from "../../run/records/pictures.js";
import type { Db } from "./database.js";

interface SignatureRow {
  readonly luma: Buffer;
  /** Null in rows of older recipes. */
  readonly chroma: Buffer | null;
  readonly json: string;
}

/** Signatures, previews and verdicts by content hash: the same bytes are never judged twice. */
export function imageRecords(db: Db): PictureRecords {
  const insert = db.prepare(
    `INSERT INTO signatures(sha256, width, height, byte_length, hash, luma, chroma, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT(sha256) DO UPDATE SET hash = excluded.hash, luma = excluded.luma, chroma = excluded.chroma, json = excluded.json`,
  );
  const select = db.prepare<[string], SignatureRow>("SELECT luma, chroma, json FROM signatures WHERE sha256 = ?");
  const insertPreview = db.prepare("INSERT INTO previews(sha256, jpeg) VALUES (?, ?) ON CONFLICT(sha256) DO NOTHING");
  const selectPreview = db.prepare<[string], { jpeg: Buffer }>("SELECT jpeg FROM previews WHERE sha256 = ?");
  const insertVerdict = db.prepare(
    `INSERT INTO verdicts(master_key, rendition_sha, thresholds, json) VALUES (?, ?, ?, ?)
     ON CONFLICT(master_key, rendition_sha) DO UPDATE SET thresholds = excluded.thresholds, json = excluded.json`,
  );
  const selectVerdict = db.prepare<[string, string, string], { json: string }>(
    "SELECT json FROM verdicts WHERE master_key = ? AND rendition_sha = ? AND thresholds = ?",
  );
  return {
    saveSignature(signature) {
      const { luma, chroma, ...rest } = signature;
      insert.run(
        signature.sha256,
        signature.width,
        signature.height,
        signature.byteLength,
        signature.hash,
        blobOf(luma),
        chroma === undefined ? null : blobOf(chroma),
        JSON.stringify(rest),
      );
    },
    signature(sha256) {
      const row = select.get(sha256);
      if (row === undefined) return null;
      const rest = JSON.parse(row.json) as Omit<PhotoSignature, "luma" | "chroma">;
      const colours = row.chroma === null ? {} : { chroma: new Uint8Array(row.chroma) };
      return { ...rest, luma: new Uint8Array(row.luma), ...colours };
    },
    savePreview(sha256, jpeg) {
      insertPreview.run(sha256, jpeg);
    },
    preview(sha256) {
      return selectPreview.get(sha256)?.jpeg ?? null;
    },
    verdict(masterKey, renditionSha, thresholds) {
      const row = selectVerdict.get(masterKey, renditionSha, thresholds);
      return row === undefined ? null : (JSON.parse(row.json) as PhotoVerdict);
    },
    saveVerdict(masterKey, renditionSha, verdict) {
      insertVerdict.run(masterKey, renditionSha, verdict.thresholds, JSON.stringify(verdict));
    },
  };
}

function blobOf(pixels: Uint8Array): Buffer {
  return Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
