import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { SPECTRUM } from "../../../src/image/spectrum-module.js";
import { spectrumOf } from "../../../src/image/spectrum.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/spectrum.wat");

/** The eight bands and how they are looked at, written down once more without any care for time. */
const BANDS = [
  [0.34, 0.44],
  [0.28, 0.36],
  [0.23, 0.3],
  [0.18, 0.24],
  [0.14, 0.19],
  [0.1, 0.15],
  [0.06, 0.1],
  [0.03, 0.06],
] as const;

function filterOf([low, high]: readonly [number, number]): readonly number[] {
  const reach = low < 0.08 ? 15 : 8;
  const all = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const window = all.map((k) => 0.54 + 0.46 * Math.cos((Math.PI * k) / (reach + 0.5)));
  const sinc = (f: number, k: number) => (k === 0 ? 2 * f : Math.sin(2 * Math.PI * f * k) / (Math.PI * k));
  const taps = all.map((k, i) => window[i]! * (sinc(high, k) - sinc(low, k)));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return taps.map((tap, i) => tap - (sum(taps) / sum(window)) * window[i]!);
}

function slowSpectrum(luma: Uint8Array, width: number, height: number): readonly number[] {
  const step = Math.max(1, Math.floor(Math.min(width, height) / 64));
  const lines: number[][] = [];
  for (let y = 0; y < height; y += step) lines.push([...luma.subarray(y * width, (y + 1) * width)]);
  for (let x = 0; x < width; x += step) lines.push(Array.from({ length: height }, (_, y) => luma[y * width + x]!));
  return BANDS.map((band) => {
    const filter = filterOf(band);
    const reach = (filter.length - 1) / 2;
    let [sum, places] = [0, 0];
    for (const line of lines) {
      const skip = Math.max(2, Math.floor(line.length / 160) + 1);
      for (let at = 8; at < line.length - 8; at += skip) {
        if (at < reach || at >= line.length - reach) continue;
        sum += filter.reduce((response, tap, k) => response + tap * line[at + k - reach]!, 0) ** 2;
        places++;
      }
    }
    return sum / places;
  });
}

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
        let state = first;
        const luma = Uint8Array.from({ length: width * height }, () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return state >>> 24;
        });
        const expected = slowSpectrum(luma, width, height);
        const found = spectrumOf(luma, width, height);
        expect(found).toHaveLength(BANDS.length);
        found.forEach((energy, band) => expect(Math.abs(energy / expected[band]! - 1)).toBeLessThan(6e-4));
      }),
      { numRuns: 25 },
    );
  });

  it("takes pictures larger than what it has room for at first", () => {
    const luma = new Uint8Array(900 * 900).map((_, i) => (i * 7919) % 251);
    expect(spectrumOf(luma, 900, 900)[0]! / slowSpectrum(luma, 900, 900)[0]!).toBeCloseTo(1, 3);
  });

  it("is not measured of small pictures", () => {
    expect(spectrumOf(new Uint8Array(89 * 89), 89, 89)).toEqual([]);
    expect(spectrumOf(new Uint8Array(39 * 200), 200, 39)).toEqual([]);
  });
});
