import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { attentionOffset } from "../../../src/image/attention.js";
import type { Raster } from "../../../src/image/pixels.js";
import { seeded } from "../../support/seeded.js";
import { ANNA, BORIS, portrait } from "./pictures.js";

/** A few discs of any colour before a backdrop of any colour, with a little grain. */
function drawn(width: number, height: number, seed: number): Raster {
  const next = seeded(seed);
  const colour = () => [next() * 255, next() * 255, next() * 255];
  const back = colour();
  const discs = Array.from({ length: 1 + Math.floor(next() * 5) }, () => {
    return {
      x: next() * width,
      y: next() * height,
      r: (0.05 + 0.3 * next()) * Math.min(width, height),
      colour: colour(),
    };
  });
  const grain = next() * 30;
  const data = Buffer.alloc(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = discs.find((one) => Math.hypot(x - one.x, y - one.y) < one.r);
      const noise = grain * (next() - 0.5);
      for (let c = 0; c < 3; c++) {
        data[3 * (y * width + x) + c] = Math.min(255, Math.max(0, (disc?.colour ?? back)[c]! + noise));
      }
    }
  }
  return { data, width, height };
}

async function askedOfLibrary({ data, width, height }: Raster) {
  const side = Math.min(width, height);
  const { info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: "cover", position: "attention" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { left: Math.abs(info.cropOffsetLeft ?? 0), top: Math.abs(info.cropOffsetTop ?? 0) };
}

const SHAPES = [
  [324, 405],
  [405, 324],
  [324, 486],
  [333, 401],
  [324, 325],
  [100, 64],
  [33, 80],
  [324, 800],
] as const;

describe("the square of attention", () => {
  it.each(SHAPES)("of drawn pictures of %i x %i is the library's", async (width, height) => {
    for (let seed = 1; seed <= 60; seed++) {
      const picture = drawn(width, height, 1000 * width + seed);
      expect({ seed, ...attentionOffset(picture) }).toEqual({ seed, ...(await askedOfLibrary(picture)) });
    }
  });

  it.each([ANNA, BORIS])("of a portrait is the library's", async (person) => {
    for (const [width, height] of SHAPES) {
      const image = sharp(await portrait(person, width, height)).raw();
      const picture = { data: await image.toBuffer(), width, height };
      expect(attentionOffset(picture)).toEqual(await askedOfLibrary(picture));
    }
  });

  it("of a picture without anything is the library's", async () => {
    for (const level of [0, 12, 255]) {
      const picture = { data: Buffer.alloc(3 * 90 * 60, level), width: 90, height: 60 };
      expect(attentionOffset(picture)).toEqual(await askedOfLibrary(picture));
    }
  });

  it("is left to the library where the picture has fewer cells than are looked at", () => {
    expect(attentionOffset(drawn(31, 60, 1))).toBeNull();
  });
});
