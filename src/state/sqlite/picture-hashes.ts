import type { PhotoSignature } from "../../model/photo.js";
import type { SignatureHashes } from "../../run/records/pictures.js";

/** What pictures are searched by, as the columns of `pictures` hold it. */
export interface HashesRow {
  readonly version: number;
  readonly hash: Buffer;
  readonly dct_hash: Buffer;
  /** Hash and DCT hash of each framing, 64 bytes. */
  readonly framings: Buffer | null;
}

const HASH_BYTES = 32;

/** Hashes of a row in hex digits. */
export function hashesOf({ version, hash, dct_hash: dctHash, framings }: HashesRow): SignatureHashes {
  return {
    version,
    hash: hash.toString("hex"),
    dctHash: dctHash.toString("hex"),
    ...(framings === null ? {} : { framings: framingsOf(framings) }),
  };
}

function framingsOf(bytes: Buffer): NonNullable<PhotoSignature["framings"]> {
  return Array.from({ length: bytes.length / (2 * HASH_BYTES) }, (_, i) => {
    const at = i * 2 * HASH_BYTES;
    return {
      hash: bytes.toString("hex", at, at + HASH_BYTES),
      dctHash: bytes.toString("hex", at + HASH_BYTES, at + 2 * HASH_BYTES),
    };
  });
}
