import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { CHANCES } from "../../../src/state/pixels/likelihoods.js";
import { PLANES } from "../../../src/state/pixels/pixel-code.js";
import { PLANES_CODE } from "../../../src/state/pixels/planes-module.js";
import {
  codePlanes,
  countBits,
  levelsOf,
  pixelsOf,
  readPlanes,
  type PlanePixels,
} from "../../../src/state/pixels/planes.js";
import { readLevels, writeLevels } from "./slow-code.js";
import { rangeReader, rangeWriter } from "./slow-range.js";
import { levelsOf as slowLevels, pixelsOf as slowPixels } from "./slow-waves.js";

const SOURCE = join(import.meta.dirname, "../../../src/state/pixels/planes.wat");

/** Slopes, edges and noise, from flat to as wild as can be. */
const anyPlane: fc.Arbitrary<PlanePixels> = fc
  .record({
    plane: fc.constantFrom(PLANES.luma, PLANES.chroma, PLANES.texture),
    seed: fc.integer(),
    base: fc.nat(255),
    slope: fc.integer({ min: -6, max: 6 }),
    edge: fc.constantFrom(0, 35, -255, 255),
    noise: fc.constantFrom(0, 1, 9, 40, 255, 700),
  })
  .map(({ plane, seed, base, slope, edge, noise }) => {
    let state = seed;
    const pixels = Uint8ClampedArray.from({ length: plane.side ** 2 }, (_, at) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const [x, y] = [at % plane.side, Math.floor(at / plane.side)];
      return base + slope * x + (x > y ? edge : 0) + (((state >>> 24) - 128) * noise) / 255;
    });
    return { plane, pixels: new Uint8Array(pixels) };
  });
const anyPlanes = fc.array(anyPlane, { minLength: 1, maxLength: 4 });

function slowly(all: readonly PlanePixels[]): Buffer {
  const out = rangeWriter(CHANCES);
  for (const { pixels, plane } of all) writeLevels(out, slowLevels(pixels, plane), plane);
  return out.end();
}

describe("bits, coded without care for time", () => {
  it("come back as they were, under whatever likelihoods, however unlikely", () => {
    const chance = fc.oneof(fc.constantFrom(1, 2048, 4095), fc.integer({ min: 1, max: 4095 }));
    const bit = fc.tuple(fc.nat(4), fc.constantFrom<0 | 1>(0, 0, 0, 1));
    const item = fc.oneof(bit, fc.tuple(fc.constant(-1), fc.nat(4095)));
    const items = fc.array(item, { maxLength: 3_000, size: "max" });
    fc.assert(
      fc.property(fc.array(chance, { minLength: 5, maxLength: 5 }), items, (list, all) => {
        const chances = Uint16Array.from(list);
        const out = rangeWriter(chances);
        for (const [context, value] of all) {
          if (context < 0) out.plain(value, 12);
          else out.bit(context, value as 0 | 1);
        }
        const source = rangeReader(chances, out.end());
        expect(all.map(([context]) => [context, context < 0 ? source.plain(12) : source.bit(context)])).toEqual(all);
      }),
    );
  });
});

describe("planes of pixels", () => {
  it("are coded by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("planes.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(PLANES_CODE))).toEqual(Buffer.from(buffer));
  });

  it("have the waves and pixels of the definition, to the bit", () => {
    fc.assert(
      fc.property(anyPlane, ({ pixels, plane }) => {
        const levels = slowLevels(pixels, plane);
        expect(levelsOf(pixels, plane)).toEqual(levels);
        expect(pixelsOf(levels, plane)).toEqual(slowPixels(levels, plane));
      }),
      { numRuns: 200 },
    );
  });

  it("are coded to the bytes of the definition, and read as the definition reads them", () => {
    fc.assert(
      fc.property(anyPlanes, (all) => {
        const bytes = codePlanes(all);
        expect(bytes).toEqual(slowly(all));
        const source = rangeReader(CHANCES, bytes);
        const read = all.map(({ plane }) => slowPixels(readLevels(source, plane), plane));
        expect(
          readPlanes(
            bytes,
            all.map(({ plane }) => plane),
          ),
        ).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });

  it("come of any bytes whatever, the same ones each time", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const planes = [PLANES.luma, PLANES.chroma];
        const read = readPlanes(bytes, planes);
        expect(read.map(({ length }) => length)).toEqual([4096, 256]);
        expect(readPlanes(bytes, planes)).toEqual(read);
      }),
    );
  });

  it("are counted by context where somebody wants to know, and coded to the same bytes", () => {
    const [all] = fc.sample(anyPlanes, { numRuns: 1, seed: 7 });
    const counted = CHANCES.reduce<{ zeros: number; ones: number }[]>((list) => [...list, { zeros: 0, ones: 0 }], []);
    const sink = {
      bit: (context: number, value: 0 | 1) => void counted[context]![value === 1 ? "ones" : "zeros"]++,
      plain: () => undefined,
    };
    for (const { pixels, plane } of all!) writeLevels(sink, slowLevels(pixels, plane), plane);
    let bytes: Buffer | null = null;
    expect(countBits(() => void (bytes = codePlanes(all!)))).toEqual(counted);
    expect(bytes).toEqual(codePlanes(all!));
    expect(countBits(() => undefined).every(({ zeros, ones }) => zeros + ones === 0)).toBe(true);
  });
});
