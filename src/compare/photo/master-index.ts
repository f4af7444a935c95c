import type { UserId } from "../../model/ids.js";
import type { PhotoSignature } from "../../model/photo.js";
import { createHashTable } from "./hash-table.js";

export interface MasterEntry {
  readonly userId: UserId;
  readonly sha256: string;
  /** 64 hex digits each, of the crop that would be uploaded. */
  readonly hash: string;
  readonly dctHash: string;
  readonly retired: boolean;
}

/** A master that a picture may show; pixels have to confirm it. */
export interface MasterCandidate {
  readonly userId: UserId;
  readonly sha256: string;
  readonly retired: boolean;
  /** Differing bits of 256 of the DCT hash. */
  readonly distance: number;
}

/** Fingerprints of all current and retired masters: 64 bytes each besides the two ids. */
export interface MasterIndex {
  readonly size: number;
  add(entry: MasterEntry): void;
  /** Masters that the picture may show, nearest first, at most `limit`. The caller confirms each with `confirmIdentity`. */
  candidates(signature: PhotoSignature, limit?: number): readonly MasterCandidate[];
}

/** Bits of 256 beyond which no true rendition was seen (README.md of this folder). */
const MAX_DCT_BITS = 80;
const MAX_HASH_BITS = 72;

/** An empty index. Masters at one distance are answered in the order in which they were added. */
export function createMasterIndex(): MasterIndex {
  const hashes = createHashTable();
  const userIds: UserId[] = [];
  const sha256s: string[] = [];
  const retired: boolean[] = [];

  return {
    get size() {
      return userIds.length;
    },
    add(entry) {
      hashes.add(entry);
      userIds.push(entry.userId);
      sha256s.push(entry.sha256);
      retired.push(entry.retired);
    },
    candidates(signature, limit = 64) {
      const near = [...hashes.near(signature, MAX_DCT_BITS, MAX_HASH_BITS)];
      // Equal distances stay in the order in which they were added.
      near.sort((a, b) => a.distance - b.distance);
      return near.slice(0, limit).map(({ at, distance }) => {
        return { userId: userIds[at]!, sha256: sha256s[at]!, retired: retired[at]!, distance };
      });
    },
  };
}
