import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Raster } from "../../../src/image/pixels.js";
import { sharpened } from "../../../src/image/sharpen.js";
import { ANNA, BORIS, portrait } from "./pictures.js";

async function pixels(bytes: Buffer): Promise<Raster> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function byLibrary({ data, width, height }: Raster): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .sharpen({ sigma: 0.5 })
    .raw()
    .toBuffer();
}

function meanDifference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe("a sharpened picture", () => {
  it.each([48, 72, 96, 200, 300])("of %i px is that of the image library within half a level", async (side) => {
    for (const sitter of [ANNA, BORIS]) {
      const raster = await pixels(
        await sharp(await portrait(sitter, 600, 600))
          .resize(side, side)
          .toBuffer(),
      );
      const library = await byLibrary(raster);
      const { data, width, height } = sharpened(raster);
      expect([width, height, data.length]).toEqual([side, side, raster.data.length]);
      expect(meanDifference(data, library)).toBeLessThan(0.5);
      expect(meanDifference(data, library)).toBeLessThan(0.4 * meanDifference(raster.data, library));
    }
  });

  it.each([
    [1, 1],
    [1, 9],
    [9, 1],
  ])("of one colour stays what it is, %i x %i px too", (width, height) => {
    const data = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => [250, 3, 128][at % 3] ?? 0));
    expect(sharpened({ data, width, height }).data).toEqual(data);
  });
});
