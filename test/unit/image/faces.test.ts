import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { detectFaces, detectFacesQuickly, SURE_SCORE } from "../../../src/image/faces.js";
import { toRaster } from "../../../src/image/raster.js";
import { ANNA, BORIS, portrait } from "./pictures.js";

/** Real portraits beside the project, where there are any. */
const PORTRAITS = join(import.meta.dirname, "../../../../shared/photos");
const SIDE = 324;

async function drawn(person: typeof ANNA, width = 640, height = 640): Promise<Sharp> {
  return sharp(await portrait(person, width, height));
}

async function both(picture: Sharp) {
  const raster = await toRaster(picture.resize(SIDE, SIDE, { fit: "outside" }).removeAlpha());
  return { closely: await detectFaces(raster), quickly: await detectFacesQuickly(raster) };
}

describe("a quick look for faces", () => {
  it.each([
    ["an upright portrait", () => drawn(ANNA, 600, 750)],
    ["another person's", () => drawn(BORIS)],
    ["a wide one", () => drawn(BORIS, 900, 600)],
  ])("finds the face of %s where a close one does", async (_, picture) => {
    const { closely, quickly } = await both(await picture());
    expect(quickly.length).toBe(closely.length);
    const [close, quick] = [closely[0]!, quickly[0]!];
    for (const edge of ["left", "top", "width", "height"] as const) {
      expect(Math.abs(close[edge] - quick[edge])).toBeLessThan(0.15 * close.width);
    }
  });

  it("leaves a small face and a picture without any to the close look", async () => {
    const small = await (await drawn(ANNA)).resize(80, 80).toBuffer();
    const canvas = sharp({ create: { width: 640, height: 640, channels: 3, background: "#dde" } });
    const far = sharp(
      await canvas
        .composite([{ input: small, left: 280, top: 200 }])
        .png()
        .toBuffer(),
    );
    const empty = sharp({ create: { width: 400, height: 400, channels: 3, background: "#456" } }).png();
    for (const picture of [far, sharp(await empty.toBuffer())]) {
      const { closely, quickly } = await both(picture);
      expect(quickly).toEqual(closely);
    }
  });

  it.runIf(existsSync(PORTRAITS))("finds what a close look finds in real portraits", async () => {
    const files = readdirSync(PORTRAITS).filter((name) => name.endsWith(".jpg"));
    for (const name of files.filter((_, at) => at % 20 === 0)) {
      const { closely, quickly } = await both(sharp(join(PORTRAITS, name)));
      expect(quickly[0]?.score).toBeGreaterThanOrEqual(SURE_SCORE);
      expect(Math.abs(closely[0]!.left - quickly[0]!.left)).toBeLessThan(0.1 * closely[0]!.width);
    }
  });
});

describe("a close look", () => {
  it.each([
    [600, 750],
    [750, 600],
    [480, 720],
  ])("finds the same in %i x %i as in the square that black makes of it", async (width, height) => {
    const picture = await (await drawn(BORIS, width, height)).resize(SIDE, SIDE, { fit: "inside" }).png().toBuffer();
    const squared = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: "#000" } })
      .composite([{ input: picture, left: 0, top: 0 }])
      .removeAlpha()
      .png()
      .toBuffer();
    const [alone] = await detectFaces(await toRaster(sharp(picture).removeAlpha()));
    const [inSquare] = await detectFaces(await toRaster(sharp(squared).removeAlpha()));
    for (const edge of ["left", "top", "width"] as const) {
      expect(Math.abs(alone![edge] - inSquare![edge])).toBeLessThan(0.03 * SIDE);
    }
  });
});
