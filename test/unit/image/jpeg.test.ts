import sharp, { type JpegOptions, type Sharp } from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { createImageReader } from "../../../src/image/index.js";
import { plainJpegSize } from "../../../src/image/jpeg-head.js";
import { ANNA, portrait } from "./pictures.js";

const images = createImageReader();
let source: Buffer;

beforeAll(async () => {
  source = await sharp(await portrait(ANNA, 640))
    .resize(640, 480)
    .png()
    .toBuffer();
});

describe("the size that a plain JPEG says", () => {
  it.each<readonly [string, (picture: Sharp) => Sharp]>([
    ["baseline", (picture) => picture.jpeg()],
    ["progressive", (picture) => picture.jpeg({ progressive: true })],
    ["grey", (picture) => picture.greyscale().jpeg()],
    ["4:4:4", (picture) => picture.jpeg({ chromaSubsampling: "4:4:4" })],
    ["with a profile", (picture) => picture.withIccProfile("p3").jpeg()],
  ])("%s", async (_, encode) => {
    const bytes = await encode(sharp(source)).toBuffer();
    expect(plainJpegSize(bytes)).toEqual({ width: 640, height: 480 });
    expect(await images.sign(bytes)).toMatchObject({ width: 640, height: 480, format: "jpeg" });
  });

  it("is left to the image library where there may be more to it", async () => {
    const turned = await sharp(source).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(plainJpegSize(turned)).toBeNull();
    expect(await images.sign(turned)).toMatchObject({ width: 480, height: 640 });
    expect(plainJpegSize(await sharp(source).toColourspace("cmyk").jpeg().toBuffer())).toBeNull();
    expect(plainJpegSize(source)).toBeNull();
    const whole = await sharp(source).jpeg().toBuffer();
    for (let length = 0; length < 200; length++) expect(() => plainJpegSize(whole.subarray(0, length))).not.toThrow();
  });
});

describe("a JPEG whose end was cut off", () => {
  const encodings: readonly (readonly [string, JpegOptions])[] = [
    ["baseline", { quality: 85 }],
    ["baseline 4:4:4", { quality: 92, chromaSubsampling: "4:4:4" }],
    ["progressive", { quality: 85, progressive: true }],
  ];

  it.each(encodings)("%s: without its end marker it is read as every viewer shows it", async (_, options) => {
    const whole = await sharp(source).jpeg(options).toBuffer();
    const reference = await images.sign(whole);
    for (const lost of [1, 2]) {
      const signature = await images.sign(whole.subarray(0, whole.length - lost));
      expect(signature).toMatchObject({ width: 640, height: 480, hash: reference.hash });
      expect(signature.luma).toEqual(reference.luma);
    }
  });

  it.each(encodings.slice(0, 2))("%s: a few bytes of its last row of blocks are no loss", async (_, options) => {
    const whole = await sharp(source).jpeg(options).toBuffer();
    for (const lost of [3, 5, 12, 40]) {
      expect(await images.sign(whole.subarray(0, whole.length - lost))).toMatchObject({ width: 640, height: 480 });
    }
  });

  it.each(encodings)("%s: a tenth of its data is", async (_, options) => {
    const whole = await sharp(source).jpeg(options).toBuffer();
    for (const left of [0.9, 0.5, 0.1]) {
      await expect(images.sign(whole.subarray(0, Math.floor(left * whole.length)))).rejects.toMatchObject({
        code: "unreadable-image",
        message: expect.stringMatching(/truncated/) as string,
      });
    }
  });

  it("what follows the end of the first picture does not matter", async () => {
    const whole = await sharp(source).jpeg().toBuffer();
    const second = await sharp(source).negate().jpeg().toBuffer();
    for (const tail of [Buffer.alloc(40), Buffer.from("trailer of a camera"), second, second.subarray(0, 900)]) {
      const signature = await images.sign(Buffer.concat([whole, tail]));
      expect(signature.luma).toEqual((await images.sign(whole)).luma);
    }
  });
});
