import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { detailLoss, isUpscaled } from "../../../../src/compare/photo/detail.js";
import { ANNA, texturedPortrait } from "../../image/pictures.js";
import { images, openDrawn, referencesOf } from "./signed.js";

const ORIGINAL = texturedPortrait(ANNA, 800);

const TONES: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  "as it is": (image) => image,
  "brightness x0.7": (image) => image.modulate({ brightness: 0.7 }),
  "darkened by x0.6": (image) => image.linear(0.6, 0),
  "contrast x0.6": (image) => image.linear(0.6, 51),
  "brightness x1.2": (image) => image.modulate({ brightness: 1.2 }),
};

/** Whatever the verdict on colours is: does the picture count as enlarged? */
async function looksEnlarged(bytes: Buffer): Promise<boolean> {
  const rendition = await images.sign(bytes);
  const [reference] = await referencesOf(await openDrawn(await ORIGINAL), rendition);
  return isUpscaled(detailLoss(reference!.signature, rendition), rendition);
}

async function enlarged(
  from: number,
  to: number,
  kernel: "cubic" | "lanczos3" | "mitchell",
  tone: (image: Sharp) => Sharp,
) {
  const small = await sharp(await ORIGINAL)
    .resize(from, from)
    .jpeg({ quality: 85 })
    .toBuffer();
  return tone(sharp(small).resize(to, to, { kernel }))
    .jpeg({ quality: 88 })
    .toBuffer();
}

describe.each(Object.entries(TONES))("detail of a picture %s", (_, tone) => {
  it.each([96, 240, 648])("is whole in a plain rendition of %i px, by any kernel", async (side) => {
    for (const kernel of ["linear", "mitchell", "lanczos3"] as const) {
      const rendition = await tone(sharp(await ORIGINAL).resize(side, side, { kernel }))
        .jpeg({ quality: 70 })
        .toBuffer();
      expect(await looksEnlarged(rendition)).toBe(false);
    }
  });

  it.each([
    [36, 96],
    [96, 240],
    [240, 648],
    [48, 648],
  ])("is missing where %i px were enlarged to %i", async (from, to) => {
    for (const kernel of ["cubic", "lanczos3", "mitchell"] as const) {
      expect(await looksEnlarged(await enlarged(from, to, kernel, tone))).toBe(true);
    }
  });

  it.each([
    [200, 240],
    [200, 300],
  ])("is not missed where %i px were enlarged to %i", async (from, to) => {
    expect(await looksEnlarged(await enlarged(from, to, "lanczos3", tone))).toBe(false);
  });
});

/** Real portraits beside the project, where they are present: skin has detail that no drawing has. */
const PORTRAITS = path.join(import.meta.dirname, "..", "..", "..", "..", "..", "shared", "photos");

describe.runIf(existsSync(PORTRAITS))("detail of real portraits", () => {
  const files = existsSync(PORTRAITS) ? readdirSync(PORTRAITS).filter((name) => /^london.*neutral/.test(name)) : [];
  const some = files.filter((_, at) => at % 5 === 0).map((name) => readFileSync(path.join(PORTRAITS, name)));

  async function countEnlarged(make: (bytes: Buffer) => Promise<Buffer>): Promise<number> {
    let found = 0;
    for (const bytes of some) {
      const rendition = await images.sign(await make(bytes));
      const [reference] = await referencesOf(await openDrawn(bytes), rendition);
      if (isUpscaled(detailLoss(reference!.signature, rendition), rendition)) found++;
    }
    return found;
  }

  it.each([
    [48, 96],
    [96, 240],
  ])("%i px enlarged to %i are found, at least all but one", async (from, to) => {
    const found = await countEnlarged(async (bytes) => {
      const small = await sharp(bytes).resize(from, from).jpeg({ quality: 85 }).toBuffer();
      return sharp(small).resize(to, to).jpeg({ quality: 85 }).toBuffer();
    });
    expect(found).toBeGreaterThanOrEqual(some.length - 1);
  });

  it.each(Object.entries(TONES))("plain renditions %s are none", async (_, tone) => {
    for (const side of [96, 240]) {
      const found = await countEnlarged((bytes) =>
        tone(sharp(bytes).resize(side, side)).jpeg({ quality: 70 }).toBuffer(),
      );
      expect(found).toBe(0);
    }
  });
});
