import fc from "fast-check";
import { imageHash } from "image-hash";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { imageHashOf } from "../../../src/image/block-hash.js";
import { canonicalOf, toRaster } from "../../../src/image/raster.js";
import { portrait, sitter } from "./pictures.js";

type Hash = (
  source: { data: Buffer },
  bits: number,
  method: boolean,
  done: (error: Error | null, hash: string) => void,
) => void;

/** What the package itself answers for a PNG. */
function packageHash(png: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    (imageHash as Hash)({ data: png }, 16, true, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

/** Sums over 16 x 16 cells: all red, then green, then blue. */
function sumsOf(data: Uint8Array): Int32Array {
  const sums = new Int32Array(768);
  data.forEach((level, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const cell = 16 * Math.floor(pixel / 1024) + Math.floor((pixel % 128) / 8);
    sums[256 * channel + cell]! += level;
  });
  return sums;
}

/** Cells of few levels, a step up or down in some of their pixels: sums that differ by nothing, by one, or by a lot. */
const DRAWN = fc
  .record({
    levels: fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 4 }),
    cells: fc.array(fc.nat(3), { minLength: 256, maxLength: 256 }),
    steps: fc.array(fc.nat(16383), { maxLength: 40 }),
  })
  .map(({ levels, cells, steps }) => {
    const data = Buffer.alloc(3 * 128 * 128);
    for (let i = 0; i < data.length; i++) {
      const pixel = Math.floor(i / 3);
      data[i] = levels[cells[16 * Math.floor(pixel / 1024) + Math.floor((pixel % 128) / 8)]! % levels.length]!;
    }
    for (const step of steps) data[3 * step] = data[3 * step]! ^ 1;
    return data;
  });

describe("imageHashOf", () => {
  it.each([128, 48, 72, 200, 131])(
    "answers what image-hash answers for the canonical image as PNG: of %i px",
    async (side) => {
      for (const seed of [1, 2, 3]) {
        const picture = sharp(await portrait(sitter(seed), 240)).resize(side, side);
        const { data, width, height } = await canonicalOf(await toRaster(picture));
        const png = await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer();
        expect(imageHashOf(sumsOf(data))).toBe(await packageHash(png));
      }
    },
  );

  it("answers what image-hash answers for pictures of few, of dark and of light tones, where blocks are as light as the median", async () => {
    await fc.assert(
      fc.asyncProperty(DRAWN, async (data) => {
        const png = await sharp(data, { raw: { width: 128, height: 128, channels: 3 } })
          .png()
          .toBuffer();
        expect(imageHashOf(sumsOf(data))).toBe(await packageHash(png));
      }),
      { numRuns: 60 },
    );
  });
});
