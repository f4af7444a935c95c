import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { GRAPHIC } from "../../../src/image/graphic-module.js";
import { isOneColour, unexplainedShare } from "../../../src/image/graphic.js";
import type { Raster } from "../../../src/image/pixels.js";
import { toRaster } from "../../../src/image/raster.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { seeded } from "../../support/seeded.js";
import { portraitSvg, sitter } from "./pictures.js";
import { plainLuma } from "./plain.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/graphic.wat");

interface Pixel {
  readonly x: number;
  readonly y: number;
  readonly level: number;
}

/** The same once more without any care for time: every sum pixel by pixel, in order. */
function plainShare({ data, width, height }: Raster): number {
  const luma = plainLuma(data);
  let [unexplained, tiles] = [0, 0];
  for (let top = 0; top + 8 <= height; top += 8) {
    for (let left = 0; left + 8 <= width; left += 8) {
      const tile = Array.from({ length: 64 }, (_, at) => {
        const [x, y] = [at % 8, Math.floor(at / 8)];
        return { x: x - 3.5, y: y - 3.5, level: luma[(top + y) * width + left + x]! };
      });
      tiles++;
      if (!isExplained(tile)) unexplained++;
    }
  }
  return tiles === 0 ? 0 : unexplained / tiles;
}

function isExplained(tile: readonly Pixel[]): boolean {
  if (near(tile) > 57) return true;
  const levels = tile.map(({ level }) => level);
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  if (most - least < 24) return false;
  const mean = (values: readonly number[], other: number) =>
    values.length === 0 ? other : values.reduce((a, b) => a + b, 0) / values.length;
  let limit = (least + most) / 2;
  for (let round = 0; round < 5; round++) {
    const split = limit;
    const [low, high] = [levels.filter((level) => level < split), levels.filter((level) => level >= split)];
    limit = (mean(low, split) + mean(high, split)) / 2;
  }
  return near(tile.filter(({ level }) => level < limit)) + near(tile.filter(({ level }) => level >= limit)) > 44;
}

/** Pixels less than 2 levels off the plane that fits them best. */
function near(pixels: readonly Pixel[]): number {
  if (pixels.length < 4) return pixels.length;
  const sum = (value: (pixel: Pixel) => number) => pixels.reduce((total, pixel) => total + value(pixel), 0);
  const [mx, my, ml] = [sum(({ x }) => x), sum(({ y }) => y), sum(({ level }) => level)].map(
    (total) => total / pixels.length,
  ) as [number, number, number];
  const xx = sum(({ x }) => (x - mx) * (x - mx));
  const yy = sum(({ y }) => (y - my) * (y - my));
  const xy = sum(({ x, y }) => (x - mx) * (y - my));
  const xl = sum(({ x, level }) => (x - mx) * (level - ml));
  const yl = sum(({ y, level }) => (y - my) * (level - ml));
  const determinant = xx * yy - xy * xy;
  const flat = Math.abs(determinant) < 1e-6;
  const slopeX = flat ? 0 : (xl * yy - yl * xy) / determinant;
  const slopeY = flat ? 0 : (yl * xx - xl * xy) / determinant;
  return pixels.filter(({ x, y, level }) => Math.abs(level - ml - slopeX * (x - mx) - slopeY * (y - my)) < 2).length;
}

/** Tiles of slopes, edges, stripes of one pixel and noise, more or less of each. */
const DRAWN = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 70 }),
    slopes: fc.tuple(fc.integer({ min: -16, max: 16 }), fc.integer({ min: -16, max: 16 })),
    edge: fc.tuple(fc.integer({ min: -7, max: 7 }), fc.integer({ min: -7, max: 7 }), fc.integer({ min: 0, max: 255 })),
    strokes: fc.constantFrom(0, 2, 5, 9),
    noise: fc.constantFrom(0, 2, 5, 30, 256),
    seed: fc.integer({ min: 1, max: 1e9 }),
  })
  .map(({ width, height, slopes, edge, strokes, noise, seed }): Raster => {
    const random = seeded(seed);
    const data = Buffer.alloc(3 * width * height);
    for (let at = 0; at < width * height; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const lit = 120 + (slopes[0] * x + slopes[1] * y) / 8 + (edge[0] * x + edge[1] * y > 30 ? edge[2] : 0);
      const stroke = strokes > 0 && (x + 2 * y) % strokes === 0 ? 90 : 0;
      data.fill(Math.max(0, Math.min(255, lit + stroke + noise * (random() - 0.5))), 3 * at, 3 * at + 3);
    }
    return { data, width, height };
  });

describe("the share of a picture that is not drawn", () => {
  it("is found by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("graphic.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(GRAPHIC))).toEqual(Buffer.from(buffer));
  });

  it("is what is written down plainly, whatever was drawn", () => {
    fc.assert(
      fc.property(DRAWN, (raster) => {
        expect(unexplainedShare(raster)).toBe(plainShare(raster));
      }),
      { numRuns: 300 },
    );
  });

  it("is what is written down plainly, of portraits", async () => {
    for (const side of [48, 128, 240]) {
      for (const seed of [1, 2, 3]) {
        const picture = sharp(portraitSvg(sitter(seed), side, side)).resize(side, side, { fit: "fill" });
        for (const quality of [40, 95]) {
          const raster = await toRaster(sharp(await picture.clone().jpeg({ quality }).toBuffer()));
          expect(unexplainedShare(raster)).toBe(plainShare(raster));
        }
      }
    }
  });
});

describe("one colour", () => {
  it.each([
    [0, 0, true],
    [6, 0, true],
    [7, 0, false],
    [6, 1, true],
    [7, 2, false],
  ])("is one whose channels stray by 6 levels at most: %i in channel %i", (by, channel, expected) => {
    const data = Buffer.alloc(3 * 100, 80);
    data[3 * 57 + channel]! += by;
    expect(isOneColour({ data })).toBe(expected);
  });
});
