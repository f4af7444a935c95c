import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { differingBits } from "../../../../src/compare/photo/correlate.js";
import { createHashTable, type Hashes } from "../../../../src/compare/photo/hash-table.js";
import { createMasterIndex } from "../../../../src/compare/photo/index.js";
import { nearBytes } from "../../../../src/compare/photo/near-module.js";
import { parseUserId } from "../../../../src/model/ids.js";
import { draw } from "./signed.js";
import { sitter } from "../../image/pictures.js";

const SOURCE = join(import.meta.dirname, "../../../../src/compare/photo/near.wat");

/** Hashes that differ from one of a few by up to so many bits, so that both sides of every limit are met. */
const hash = fc
  .tuple(fc.constantFrom("0", "5", "f"), fc.uniqueArray(fc.nat(255), { maxLength: 110 }))
  .map(([digit, flipped]) => {
    const bytes = Buffer.from(digit.repeat(64), "hex");
    for (const bit of flipped) bytes[bit >> 3]! ^= 1 << (bit & 7);
    return bytes.toString("hex");
  });
const hashes: fc.Arbitrary<Hashes> = fc.record({ hash, dctHash: hash });

describe("search for near hashes", () => {
  it("is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("near.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(nearBytes())).toEqual(Buffer.from(buffer));
  });

  it("finds what comparing one after the other finds", () => {
    const limits = fc.tuple(fc.nat(256), fc.nat(256));
    fc.assert(
      fc.property(fc.array(hashes, { maxLength: 40 }), hashes, limits, (entries, probe, [mostDct, mostHash]) => {
        const table = createHashTable();
        for (const entry of entries) table.add(entry);
        const expected = entries.flatMap((entry, at) => {
          const distance = differingBits(entry.dctHash, probe.dctHash) ?? Infinity;
          const other = differingBits(entry.hash, probe.hash) ?? Infinity;
          return distance <= mostDct && other <= mostHash ? [{ at, distance }] : [];
        });
        expect(table.near(probe, mostDct, mostHash)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every entry while it grows", () => {
    const table = createHashTable();
    const of = (at: number) => at.toString(16).padStart(64, "0");
    for (let at = 0; at < 5000; at++) table.add({ hash: of(at), dctHash: of(at) });
    for (let at = 0; at < 5000; at += 7) {
      expect(table.near({ hash: of(at), dctHash: of(at) }, 0, 0)).toEqual([{ at, distance: 0 }]);
    }
  });

  it("puts candidates of one distance in the order of the masters, current and retired", async () => {
    const { signature } = await draw(sitter(1), 300);
    const { hash: block, dctHash } = signature;
    const index = createMasterIndex();
    for (let i = 0; i < 70; i++) {
      index.add({ userId: parseUserId(`u${i}`), sha256: `${i}`, hash: block, dctHash, retired: i % 2 === 1 });
    }
    const expected = Array.from({ length: 64 }, (_, i) => [`u${i}`, `${i}`, i % 2 === 1, 0]);
    const found = index.candidates(signature);
    expect(found.map(({ userId, sha256, retired, distance }) => [userId, sha256, retired, distance])).toEqual(expected);
  });
});
