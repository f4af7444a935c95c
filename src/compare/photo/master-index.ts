import type { UserId } from "../../model/ids.js";
import type { PhotoSignature } from "../../model/photo.js";
import { popCount } from "./correlate.js";

export interface MasterEntry {
  readonly userId: UserId;
  readonly sha256: string;
  /** 64 hex digits each, of the crop that would be uploaded. */
  readonly hash: string;
  readonly dctHash: string;
  readonly retired: boolean;
}

export interface MasterCandidate {
  readonly userId: UserId;
  readonly sha256: string;
  readonly retired: boolean;
  /** Differing bits of 256 of the DCT hash. */
  readonly distance: number;
}

/** Fingerprints of all current and retired masters in flat arrays: 64 bytes each besides the two ids. */
export interface MasterIndex {
  readonly size: number;
  add(entry: MasterEntry): void;
  /** Masters that the picture may show, nearest first, at most `limit`. The caller confirms each with `confirmIdentity`. */
  candidates(signature: PhotoSignature, limit?: number): readonly MasterCandidate[];
}

/** Bits of 256 beyond which no true rendition was seen (README.md of this folder). */
const MAX_DCT_BITS = 80;
const MAX_HASH_BITS = 72;
const WORDS = 8;

export function createMasterIndex(): MasterIndex {
  const userIds: UserId[] = [];
  const sha256s: string[] = [];
  let retired = new Uint8Array(1024);
  let dct = new Uint32Array(1024 * WORDS);
  let block = new Uint32Array(1024 * WORDS);

  function add(entry: MasterEntry): void {
    const at = userIds.length;
    if (at === retired.length) {
      retired = grown(retired, new Uint8Array(at * 2));
      dct = grown(dct, new Uint32Array(at * 2 * WORDS));
      block = grown(block, new Uint32Array(at * 2 * WORDS));
    }
    writeWords(dct, at * WORDS, entry.dctHash);
    writeWords(block, at * WORDS, entry.hash);
    retired[at] = entry.retired ? 1 : 0;
    userIds.push(entry.userId);
    sha256s.push(entry.sha256);
  }

  function candidates(signature: PhotoSignature, limit = 64): readonly MasterCandidate[] {
    const probeDct = new Uint32Array(WORDS);
    const probeBlock = new Uint32Array(WORDS);
    writeWords(probeDct, 0, signature.dctHash);
    writeWords(probeBlock, 0, signature.hash);
    const byDistance: number[][] = Array.from({ length: MAX_DCT_BITS + 1 }, () => []);
    for (let at = 0; at < userIds.length; at++) {
      const distance = bitsApart(dct, at * WORDS, probeDct, MAX_DCT_BITS);
      if (distance > MAX_DCT_BITS || bitsApart(block, at * WORDS, probeBlock, MAX_HASH_BITS) > MAX_HASH_BITS) continue;
      byDistance[distance]!.push(at);
    }
    const found: MasterCandidate[] = [];
    for (const [distance, entries] of byDistance.entries()) {
      for (const at of entries) {
        if (found.length >= limit) return found;
        found.push({ userId: userIds[at]!, sha256: sha256s[at]!, retired: retired[at] === 1, distance });
      }
    }
    return found;
  }

  return {
    get size() {
      return userIds.length;
    },
    add,
    candidates,
  };
}

/** Differing bits, given up beyond `enough`. */
function bitsApart(words: Uint32Array, at: number, probe: Uint32Array, enough: number): number {
  let bits = 0;
  for (let i = 0; i < WORDS && bits <= enough; i++) bits += popCount((words[at + i]! ^ probe[i]!) >>> 0);
  return bits;
}

function writeWords(words: Uint32Array, at: number, hex: string): void {
  for (let i = 0; i < WORDS; i++) words[at + i] = Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16) >>> 0;
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
