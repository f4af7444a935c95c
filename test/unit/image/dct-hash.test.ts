import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { dctHash } from "../../../src/image/dct-hash.js";
import { DCT_HASH } from "../../../src/image/dct-module.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/dct-hash.wat");

/** The hash written down once more without any care for time: basis and coefficients of 32 bits, sums of 64. */
function slowHash(luma: Uint8Array): string {
  const cosine = (x: number, u: number) => Math.fround(Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / 128));
  const along = (values: readonly number[]) =>
    Array.from({ length: 16 }, (_, u) => Math.fround(values.reduce((sum, value, x) => sum + cosine(x, u) * value, 0)));
  const rows = Array.from({ length: 64 }, (_, y) => along([...luma.subarray(64 * y, 64 * y + 64)]));
  const columns = Array.from({ length: 16 }, (_, u) => along(rows.map((row) => row[u]!)));
  const coefficients = Array.from({ length: 256 }, (_, at) => columns[at % 16]![Math.floor(at / 16)]!);
  const sorted = [...coefficients].sort((a, b) => a - b);
  const median = (sorted[127]! + sorted[128]!) / 2;
  const bits = coefficients.map((value) => (value > median ? "1" : "0")).join("");
  return bits
    .match(/.{4}/g)!
    .map((four) => Number.parseInt(four, 2).toString(16))
    .join("");
}

describe("the DCT hash", () => {
  it("is made by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("dct-hash.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(DCT_HASH))).toEqual(Buffer.from(buffer));
  });

  it("is that of the definition, bit by bit", () => {
    const picture = fc.oneof(
      fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
      fc
        .tuple(fc.nat(255), fc.nat(255))
        .map(([a, b]) => Uint8Array.from({ length: 4096 }, (_, i) => (i % 64 < 20 ? a : b))),
    );
    fc.assert(
      fc.property(picture, (luma) => {
        expect(dctHash(luma)).toBe(slowHash(luma));
      }),
      { numRuns: 40 },
    );
  });
});
