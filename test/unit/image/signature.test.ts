import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differingBits } from "../../../src/compare/photo/correlate.js";
import { createImageReader } from "../../../src/image/index.js";
import { ANNA, BORIS, masterFile, portrait } from "./pictures.js";

const images = createImageReader();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-image-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, bytes: Buffer): Promise<string> {
  const at = path.join(folder, name);
  await writeFile(at, bytes);
  return at;
}

describe("signature of an image", () => {
  it("keeps size, format, quality and fingerprints", async () => {
    const bytes = await sharp(await portrait(ANNA))
      .resize(240, 240)
      .jpeg({ quality: 83 })
      .toBuffer();
    const signature = await images.sign(bytes);
    expect(signature).toMatchObject({
      width: 240,
      height: 240,
      format: "jpeg",
      jpegQuality: 83,
      byteLength: bytes.length,
    });
    expect(signature.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(signature.dctHash).toMatch(/^[0-9a-f]{64}$/);
    expect(signature.luma).toHaveLength(4096);
    expect(signature.version).toBe(images.signatureVersion);
  });

  it("gives the same answer twice", async () => {
    const bytes = await portrait(ANNA, 300);
    expect(await images.sign(bytes)).toEqual(await images.sign(bytes));
  });

  it("applies EXIF orientation: a picture stored on its side is the picture", async () => {
    const upright = await portrait(ANNA, 400);
    const onItsSide = await sharp(upright)
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 92 })
      .toBuffer();
    const [a, b] = [await images.sign(upright), await images.sign(onItsSide)];
    expect(differingBits(a.dctHash, b.dctHash)).toBeLessThan(12);
    expect(differingBits(a.hash, b.hash)).toBeLessThan(20);
  });

  it("reports the size after EXIF orientation", async () => {
    const bytes = await sharp(await portrait(ANNA, 400, 300))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await images.sign(bytes)).toMatchObject({ width: 300, height: 400 });
  });

  it("lays transparency on white", async () => {
    const hole = Buffer.from('<svg width="200" height="200"><circle cx="100" cy="100" r="60" fill="#333"/></svg>');
    const transparent = await sharp(hole).png().toBuffer();
    const onWhite = await sharp(hole).flatten({ background: "#ffffff" }).png().toBuffer();
    expect((await images.sign(transparent)).luma).toEqual((await images.sign(onWhite)).luma);
  });

  it("tells different people apart by the DCT hash and the same one by any size", async () => {
    const anna = await portrait(ANNA);
    const small = await sharp(anna).resize(48, 48).jpeg({ quality: 75 }).toBuffer();
    const [master, rendition, other] = [
      await images.sign(anna),
      await images.sign(small),
      await images.sign(await portrait(BORIS)),
    ];
    expect(differingBits(master.dctHash, rendition.dctHash)).toBeLessThan(50);
    expect(differingBits(master.dctHash, other.dctHash)).toBeGreaterThan(60);
  });

  it.each(["png", "webp", "tiff", "gif", "avif"] as const)("reads %s", async (format) => {
    const bytes = await sharp(await portrait(ANNA, 120))
      .toFormat(format)
      .toBuffer();
    expect(await images.sign(bytes)).toMatchObject({ format, width: 120, height: 120, jpegQuality: null });
  });
});

describe("signature of a master", () => {
  it("takes the whole of a square portrait", async () => {
    const at = await file("square.jpg", await portrait(ANNA, 500));
    const { crop, signature } = await images.signMaster(at);
    expect(crop).toEqual({ left: 0, top: 0, width: 500, height: 500 });
    expect(signature.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [480, 640],
    [640, 480],
    [300, 900],
  ])("chooses a full square inside %i x %i, never below the middle", async (width, height) => {
    const at = await file(`${width}x${height}.jpg`, await portrait(ANNA, width, height));
    const { crop, signature } = await images.signMaster(at);
    const side = Math.min(width, height);
    expect(crop).toMatchObject({ width: side, height: side });
    expect(crop.left).toBeGreaterThanOrEqual(0);
    expect(crop.left + side).toBeLessThanOrEqual(width);
    expect(crop.top).toBeGreaterThanOrEqual(0);
    expect(crop.top).toBeLessThanOrEqual((height - side) / 2);
    expect(signature).toMatchObject({ width, height });
  });

  it("signs what would be uploaded, so that it is found again", async () => {
    const at = await file("upright.jpg", await portrait(ANNA, 480, 640));
    const { crop, signature } = await images.signMaster(at);
    const uploaded = await images.sign(
      await sharp(at)
        .extract({ ...crop })
        .resize(240, 240)
        .jpeg({ quality: 85 })
        .toBuffer(),
    );
    expect(differingBits(signature.dctHash, uploaded.dctHash)).toBeLessThan(24);
  });
});

describe("previews", () => {
  it.each([
    ["colour", (picture: Sharp) => picture.jpeg({ quality: 80 })],
    ["grey", (picture: Sharp) => picture.greyscale().jpeg()],
    ["with alpha", (picture: Sharp) => picture.ensureAlpha(0.4).png()],
    ["of 16 bits", (picture: Sharp) => picture.toColourspace("rgb16").png()],
    ["on its side", (picture: Sharp) => picture.withMetadata({ orientation: 6 }).jpeg()],
    ["of a wide gamut", (picture: Sharp) => picture.withIccProfile("p3").jpeg()],
  ])("are the same of a picture that was signed as of one that was not: %s", async (_, made) => {
    for (const [width, height] of [
      [96, 96],
      [240, 200],
      [300, 240],
    ] as const) {
      const bytes = await made(sharp(await portrait(ANNA, width, height))).toBuffer();
      const fresh = await images.preview(Buffer.from(bytes));
      await images.sign(bytes);
      expect((await images.preview(bytes)).equals(fresh)).toBe(true);
    }
  });

  it("are WebP pictures of at most 240 px, and smaller ones where asked for", async () => {
    const at = await file("preview.jpg", await portrait(ANNA, 600, 400));
    const { crop, signature } = await images.signMaster(at);
    const preview = await images.preview(await portrait(ANNA, 600, 400));
    const thumbnail = await images.preview(await portrait(ANNA, 48, 48));
    for (const [image, side] of [
      [preview, 240],
      [thumbnail, 48],
      [await images.masterPreview(masterFile(at), crop), 240],
      [await images.lumaPreview(signature.luma), 64],
      [await images.smaller(preview, 96), 96],
      [await images.smaller(thumbnail, 96), 48],
    ] as const) {
      const { format, width, height } = await sharp(image).metadata();
      expect(format).toBe("webp");
      expect(Math.max(width, height)).toBe(side);
    }
  });
});
