import { roomFor } from "../../model/web-assembly.js";
import { createNearModule } from "./near-module.js";

/** One entry within both distances, by its place in the table; `distance` counts differing bits of the DCT hash. */
export interface NearHash {
  readonly at: number;
  readonly distance: number;
}

/** The two hashes of a picture, 64 hex digits each. */
export interface Hashes {
  readonly hash: string;
  readonly dctHash: string;
}

export interface HashTable {
  add(hashes: Hashes): void;
  /** Entries in order of their places. */
  near(probe: Hashes, mostDctBits: number, mostHashBits: number): readonly NearHash[];
}

const HASH = 32;
/** Where the places and distances of a search go, 8 bytes each; before it stands the probe. */
const OUT = 2 * HASH;
const OUT_ENTRY = 8;

/**
 * 64 bytes for each entry in one block of memory, all of them compared in each search. No index spares that: at 80 bits of 256 every part of a
 * hash may differ in a third of its bits, and buckets of parts, trees and pivots all end in looking at everything
 * (README.md of this folder). What can be had is that an entry costs some nanoseconds.
 */
export function createHashTable(): HashTable {
  const module = createNearModule();
  let capacity = 0;
  let count = 0;

  const dctAt = (entries: number): number => OUT + entries * OUT_ENTRY;
  const blockAt = (entries: number): number => dctAt(entries) + entries * HASH;

  function reserve(entries: number): void {
    const bytes = new Uint8Array(roomFor(module.memory, blockAt(entries) + entries * HASH));
    bytes.copyWithin(blockAt(entries), blockAt(capacity), blockAt(capacity) + count * HASH);
    bytes.copyWithin(dctAt(entries), dctAt(capacity), dctAt(capacity) + count * HASH);
    capacity = entries;
  }

  function write(at: number, hex: string): void {
    const words = new DataView(module.memory.buffer, at, HASH);
    for (let i = 0; i < HASH; i += 4) words.setUint32(i, Number.parseInt(hex.slice(2 * i, 2 * i + 8), 16));
  }

  return {
    add({ hash, dctHash }) {
      if (count === capacity) reserve(Math.max(1024, 2 * capacity));
      write(dctAt(capacity) + count * HASH, dctHash);
      write(blockAt(capacity) + count * HASH, hash);
      count++;
    },
    near({ hash, dctHash }, mostDctBits, mostHashBits) {
      write(0, dctHash);
      write(HASH, hash);
      const [dct, block] = [dctAt(capacity), blockAt(capacity)];
      const found = module.near(dct, block, count, OUT, BigInt(mostDctBits), BigInt(mostHashBits));
      const pairs = new Uint32Array(module.memory.buffer, OUT, 2 * found);
      return Array.from({ length: found }, (_, i) => ({ at: pairs[2 * i]!, distance: pairs[2 * i + 1]! }));
    },
  };
}
