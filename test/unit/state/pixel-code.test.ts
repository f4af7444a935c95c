import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitReader, bitWriter } from "../../../src/state/pixels/bit-coder.js";
import { codePixels, planesOf, readPixels, type Pixels } from "../../../src/state/pixels/pixel-code.js";
import { signed } from "./made.js";
import { draw } from "../compare/photo/signed.js";
import { sitter } from "../image/pictures.js";

const plane = (side: number): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.integer(), fc.nat(255), fc.constantFrom(0, 1, 40, 255)).map(([seed, base, noise]) => {
    let state = seed;
    return Uint8Array.from({ length: side * side }, (_, at) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const slope = (at % side) * 2;
      return Math.max(0, Math.min(255, base + slope + ((state >>> 24) * noise) / 255));
    });
  });
const chroma = fc.tuple(plane(16), plane(16)).map(([cb, cr]) => Uint8Array.of(...cb, ...cr));
const pixels: fc.Arbitrary<Pixels> = fc.oneof(
  plane(64).map((luma) => ({ luma })),
  fc.tuple(plane(64), chroma).map(([luma, colours]) => ({ luma, chroma: colours })),
  fc.tuple(plane(64), plane(16)).map(([luma, texture]) => ({ luma, texture })),
  fc.tuple(plane(64), chroma, plane(16)).map(([luma, colours, texture]) => ({ luma, chroma: colours, texture })),
);

function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
  expect(b).toHaveLength(a.length);
  return Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / a.length);
}

describe("coded bits", () => {
  it("come back as they were, under whatever contexts", () => {
    const bit = fc.tuple(fc.nat(4), fc.constantFrom<0 | 1>(0, 0, 0, 1));
    const item = fc.oneof(bit, fc.tuple(fc.constant(-1), fc.nat(4095)));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 600 }), (items) => {
        const out = bitWriter(5);
        for (const [context, value] of items) {
          if (context < 0) out.plain(value, 12);
          else out.bit(context, value as 0 | 1);
        }
        const source = bitReader(5, out.end());
        expect(items.map(([context]) => [context, context < 0 ? source.plain(12) : source.bit(context)])).toEqual(
          items,
        );
      }),
    );
  });
});

describe("coded pixels", () => {
  it("come back within two or three grey levels, with colours where there were colours", () => {
    fc.assert(
      fc.property(pixels, (before) => {
        const bytes = codePixels(before);
        const after = readPixels(bytes);
        expect(rootMeanSquare(before.luma, after.luma)).toBeLessThan(2.6);
        expect(planesOf(bytes)).toMatchObject({
          chroma: before.chroma !== undefined,
          texture: before.texture !== undefined,
        });
        expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
        if (before.chroma !== undefined) {
          expect(rootMeanSquare(before.chroma, after.chroma ?? before.luma)).toBeLessThan(1.2);
        }
        if (before.texture !== undefined) {
          expect(rootMeanSquare(before.texture, after.texture ?? before.luma)).toBeLessThan(1.6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a portrait take less than half of their room", async () => {
    for (const place of [0, 5, 9]) {
      const { signature } = await draw(sitter(place), 300);
      expect(codePixels(signature).length).toBeLessThan(2304);
    }
  });

  it("of former versions are read as they are", () => {
    const { luma } = signed("anna");
    const chroma = new Uint8Array(512).map((_, at) => at & 0xff);
    expect(readPixels(Buffer.from(luma))).toEqual({ luma });
    expect(readPixels(Buffer.concat([luma, chroma]))).toEqual({ luma, chroma });
    expect([Buffer.from(luma), Buffer.concat([luma, chroma])].map((bytes) => planesOf(bytes).chroma)).toEqual([
      false,
      true,
    ]);
  });
});
