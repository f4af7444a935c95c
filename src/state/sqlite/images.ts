import type { PhotoSignature, PhotoVerdict } from "../../model/photo.js";
import type { PictureRecords } from "../../run/records/pictures.js";
import type { Db } from "./database.js";
import { packText, textOf, type KeptText } from "./packed-text.js";
import { hashesOf, type HashesRow } from "./picture-hashes.js";
import { keptHash, keptNumbers, numbersOf, type KeptHash, type KeptNumbers } from "./short-forms.js";
import { pixelReader } from "../pixels/pixel-reader.js";
import { codePixels, planesOf, type Pixels } from "../pixels/pixel-code.js";

interface PictureRow extends HashesRow {
  readonly width: number;
  readonly height: number;
  readonly byte_length: number;
  readonly format: string;
  readonly jpeg_quality: number | null;
  readonly placeholder_score: number;
  /** Null in rows of older recipes. */
  readonly spectrum: KeptNumbers | null;
  readonly pixels: Buffer;
}

/** Signatures, previews and verdicts by content hash: the same bytes are never judged twice. */
export function imageRecords(db: Db): PictureRecords {
  const insert = db.prepare(
    `INSERT INTO pictures(sha256, width, height, byte_length, format, jpeg_quality, placeholder_score, version, hash, dct_hash,
       spectrum, framings, pixels) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT(sha256) DO UPDATE SET width = excluded.width, height = excluded.height, byte_length = excluded.byte_length,
       format = excluded.format, jpeg_quality = excluded.jpeg_quality, placeholder_score = excluded.placeholder_score,
       version = excluded.version, hash = excluded.hash, dct_hash = excluded.dct_hash, spectrum = excluded.spectrum,
       framings = excluded.framings, pixels = excluded.pixels`,
  );
  const select = db.prepare<[Buffer], PictureRow>("SELECT * FROM pictures WHERE sha256 = ?");
  const selectHashes = db.prepare<[Buffer], HashesRow>(
    "SELECT version, hash, dct_hash, framings FROM pictures WHERE sha256 = ?",
  );
  const insertPreview = db.prepare(
    "INSERT INTO previews(sha256, jpeg) VALUES (?, ?) ON CONFLICT(sha256) DO UPDATE SET jpeg = excluded.jpeg",
  );
  const findPreview = db.prepare<[string], { sha256: string }>("SELECT sha256 FROM previews WHERE sha256 = ?");
  const selectPreview = db.prepare<[string], { jpeg: Buffer }>("SELECT jpeg FROM previews WHERE sha256 = ?");
  const insertVerdict = db.prepare(
    `INSERT INTO verdicts(master_key, rendition_sha, thresholds, json) VALUES (?, ?, ?, ?)
     ON CONFLICT(master_key, rendition_sha) DO UPDATE SET thresholds = excluded.thresholds, json = excluded.json`,
  );
  const selectVerdict = db.prepare<[string, KeptHash, string], { json: KeptText }>(
    "SELECT json FROM verdicts WHERE master_key = ? AND rendition_sha = ? AND thresholds = ?",
  );
  const selectVerdicts = db.prepare<[string, string, KeptHash], { json: KeptText }>(
    "SELECT json FROM verdicts WHERE master_key > ? AND master_key < ? AND rendition_sha = ?",
  );
  const readPixels = pixelReader();
  return {
    saveSignature(signature) {
      const { spectrum, framings } = signature;
      insert.run(
        Buffer.from(signature.sha256, "hex"),
        signature.width,
        signature.height,
        signature.byteLength,
        signature.format,
        signature.jpegQuality,
        signature.placeholderScore,
        signature.version,
        Buffer.from(signature.hash, "hex"),
        Buffer.from(signature.dctHash, "hex"),
        spectrum === undefined ? null : keptNumbers(spectrum),
        framings === undefined ? null : Buffer.from(framings.map((one) => one.hash + one.dctHash).join(""), "hex"),
        codePixels(signature),
      );
    },
    signature(sha256) {
      const row = select.get(Buffer.from(sha256, "hex"));
      return row === undefined ? null : signatureOf(sha256, row, readPixels);
    },
    signatureHashes(sha256) {
      const row = selectHashes.get(Buffer.from(sha256, "hex"));
      return row === undefined ? null : hashesOf(row);
    },
    savePreview(sha256, jpeg) {
      insertPreview.run(sha256, jpeg);
    },
    hasPreview: (sha256) => findPreview.get(sha256) !== undefined,
    async preview(sha256) {
      return selectPreview.get(sha256)?.jpeg ?? null;
    },
    verdict(masterKey, renditionSha, thresholds) {
      const row = selectVerdict.get(masterKey, keptHash(renditionSha), thresholds);
      return row === undefined ? null : (JSON.parse(textOf(row.json)) as PhotoVerdict);
    },
    verdictsOn(masterSha, renditionSha) {
      // Every key that begins with the hash and its colon.
      const rows = selectVerdicts.all(`${masterSha}:`, `${masterSha};`, keptHash(renditionSha));
      return rows.map(({ json }) => JSON.parse(textOf(json)) as PhotoVerdict);
    },
    saveVerdict(masterKey, renditionSha, verdict) {
      insertVerdict.run(masterKey, keptHash(renditionSha), verdict.thresholds, packText(JSON.stringify(verdict)));
    },
  };
}

/** Pixels and spectrum are decoded when they are first looked at: of most pictures of an unchanged tenant nobody asks for them. */
function signatureOf(sha256: string, row: PictureRow, readPixels: (coded: Buffer) => Pixels): PhotoSignature {
  let decoded: Pixels | null = null;
  const pixels = (): Pixels => (decoded ??= readPixels(row.pixels));
  const hashes = hashesOf(row);
  const signature: PhotoSignature = {
    sha256,
    width: row.width,
    height: row.height,
    byteLength: row.byte_length,
    format: row.format,
    ...hashes,
    get luma() {
      return pixels().luma;
    },
    placeholderScore: row.placeholder_score,
    jpegQuality: row.jpeg_quality,
  };
  const has = planesOf(row.pixels);
  const { spectrum } = row;
  let numbers: readonly number[] | null = null;
  if (spectrum !== null)
    Object.defineProperty(signature, "spectrum", { enumerable: true, get: () => (numbers ??= numbersOf(spectrum)) });
  if (has.chroma) Object.defineProperty(signature, "chroma", { enumerable: true, get: () => pixels().chroma });
  if (has.texture) Object.defineProperty(signature, "texture", { enumerable: true, get: () => pixels().texture });
  return signature;
}
