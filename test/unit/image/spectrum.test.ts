import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { SPECTRUM } from "../../../src/image/spectrum-module.js";
import { spectrumOf } from "../../../src/image/spectrum.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { seeded } from "../../support/seeded.js";
import { spectrum } from "./plain.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/spectrum.wat");

describe("the spectrum of a picture", () => {
  it("is measured by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("spectrum.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(SPECTRUM))).toEqual(Buffer.from(buffer));
  });

  it("is the mean energy of each band at the places that are looked at, whatever the size", () => {
    const side = fc.integer({ min: 40, max: 330 });
    const seed = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(side, fc.integer({ min: 90, max: 330 }), fc.boolean(), seed, (short, long, upright, first) => {
        const [width, height] = upright ? [short, long] : [long, short];
        const next = seeded(first);
        const luma = Uint8Array.from({ length: width * height }, () => Math.floor(256 * next()));
        const expected = spectrum(luma, width, height);
        const found = spectrumOf(luma, width, height);
        expect(found).toHaveLength(8);
        found.forEach((energy, band) => expect(Math.abs(energy / expected[band]! - 1)).toBeLessThan(6e-4));
      }),
      { numRuns: 25 },
    );
  });

  it("takes pictures larger than what it has room for at first", () => {
    const luma = new Uint8Array(900 * 900).map((_, i) => (i * 7919) % 251);
    expect(spectrumOf(luma, 900, 900)[0]! / spectrum(luma, 900, 900)[0]!).toBeCloseTo(1, 3);
  });

  it("is not measured of small pictures", () => {
    expect(spectrumOf(new Uint8Array(89 * 89), 89, 89)).toEqual([]);
    expect(spectrumOf(new Uint8Array(39 * 200), 200, 39)).toEqual([]);
  });
});
