import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { bestWithin } from "../../../src/image/best-jpeg.js";
import type { Raster } from "../../../src/image/pixels.js";
import { seeded } from "../../support/seeded.js";
import { ANNA, portrait } from "./pictures.js";

const QUALITIES = [92, 88, 84, 80, 75, 70, 64, 58, 52];

async function pixels(bytes: Buffer): Promise<Raster> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The portrait with so much noise, in levels: sizes at the qualities lie otherwise than those of a smooth one. */
async function noisy(levels: number): Promise<Raster> {
  const { data, width, height } = await pixels(await portrait(ANNA, 400, 400));
  const random = seeded(7);
  return {
    data: Buffer.from(data.map((value) => Math.max(0, Math.min(255, value + levels * (random() - 0.5))))),
    width,
    height,
  };
}

async function sizesOf({ data, width, height }: Raster): Promise<readonly number[]> {
  const made = QUALITIES.map((quality) =>
    sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality, progressive: false })
      .toBuffer(),
  );
  return (await Promise.all(made)).map(({ length }) => length);
}

describe("the best JPEG within a limit", () => {
  it.each([0, 10, 40, 160])(
    "with noise of %i levels fits, and is of the quality that trying each would find",
    async (levels) => {
      const raster = await noisy(levels);
      const sizes = await sizesOf(raster);
      for (const size of sizes) {
        const limit = Math.round(1.1 * size);
        const found = await bestWithin(raster, limit);
        expect(found?.jpeg.length).toBeLessThanOrEqual(limit);
        const best = sizes.findIndex((each) => each <= limit);
        expect({ limit, quality: found?.quality }).toEqual({ limit, quality: QUALITIES[best] });
        for (const first of [70]) expect(await bestWithin(raster, limit, first)).toEqual(found);
        // To the byte: no table of codes is made anew where it hardly ever helps, so the next quality may be taken.
        const exact = await bestWithin(raster, size);
        expect(exact?.jpeg.length).toBeLessThanOrEqual(size);
        expect(exact?.quality).toBeGreaterThanOrEqual(QUALITIES[Math.min(best + 2, QUALITIES.length - 1)] ?? 0);
      }
    },
  );

  it("is none where the lowest quality is too large", async () => {
    const raster = await noisy(40);
    const least = Math.min(...(await sizesOf(raster)));
    expect(await bestWithin(raster, least - 1)).toBeNull();
    expect((await bestWithin(raster, least))?.quality).toBe(52);
  });

  it("is baseline, with the standard's tables of codes where they fit", async () => {
    const raster = await noisy(10);
    const best = await bestWithin(raster, 1e6);
    expect(best?.quality).toBe(92);
    expect((await sharp(best?.jpeg).metadata()).isProgressive).toBe(false);
  });
});
