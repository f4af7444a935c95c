import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide, renditionsAgree } from "../../../src/compare/photo/index.js";
import { sha256OfFile } from "../../../src/files/digest.js";
import { createImageReader, createImageRenderer } from "../../../src/image/index.js";
import { ANNA, BORIS, masterFile, portrait } from "./pictures.js";

const images = createImageReader();
const renditions = createImageRenderer();
let folder = "";
let master = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-render-"));
  master = path.join(folder, "anna.jpg");
  await writeFile(
    master,
    await sharp(await portrait(ANNA, 1200, 1500))
      .withMetadata({ density: 300 })
      .toBuffer(),
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("pictures of one master", () => {
  const MOST = 120_000;

  it("have the same bytes whatever was made of it before, and those of a replaced file are of the new one", async () => {
    const file = path.join(folder, "replaced.jpg");
    await writeFile(file, await portrait(ANNA, 1000, 1000));
    const { crop } = await images.signMaster(file);
    const alone = await Promise.all(
      [48, 72, 96, 200, 300].map((side) => createImageRenderer().thumbnail(file, crop, side)),
    );
    const cloud = await createImageRenderer().cloudPhoto(file, crop, MOST);
    const one = createImageRenderer();
    expect(await one.thumbnail(file, crop, 200)).toEqual(alone[3]);
    expect(await one.cloudPhoto(file, crop, MOST)).toEqual(cloud);
    expect(await Promise.all([48, 72, 96, 200, 300].map((side) => one.thumbnail(file, crop, side)))).toEqual(alone);
    await writeFile(file, await portrait(BORIS, 1000, 1000));
    const other = await createImageRenderer().thumbnail(file, crop, 200);
    expect(other).not.toEqual(alone[3]);
    expect(await one.thumbnail(file, crop, 200)).toEqual(other);
  });

  it("are made again after a failure, once the file is whole", async () => {
    const file = path.join(folder, "copied.jpg");
    const whole = await portrait(ANNA, 700, 700);
    await writeFile(file, whole.subarray(0, 9000));
    const crop = { left: 0, top: 0, width: 700, height: 700 };
    const one = createImageRenderer();
    await expect(one.thumbnail(file, crop, 72)).rejects.toMatchObject({ code: "unreadable-image" });
    await expect(one.cloudPhoto(file, crop, MOST)).rejects.toMatchObject({ code: "unreadable-image" });
    await writeFile(file, whole);
    expect((await sharp((await one.thumbnail(file, crop, 72)).jpeg).metadata()).width).toBe(72);
  });
});

describe("the photo to upload", () => {
  it("is a square baseline JPEG of 648 px in sRGB without metadata", async () => {
    const { crop } = await images.signMaster(master);
    const { jpeg } = await renditions.cloudPhoto(master, crop, 120_000);
    const found = await sharp(jpeg).metadata();
    expect(found).toMatchObject({ format: "jpeg", width: 648, height: 648, isProgressive: false, space: "srgb" });
    expect([found.exif, found.icc, found.xmp, found.iptc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(jpeg.length).toBeLessThanOrEqual(120_000);
  });

  it.each([60_000, 20_000, 6_000, 1_500])("fits into %i bytes and is still the master", async (maxBytes) => {
    const { crop } = await images.signMaster(master);
    const { jpeg } = await renditions.cloudPhoto(master, crop, maxBytes);
    expect(jpeg.length).toBeLessThanOrEqual(maxBytes);
    const rendition = await images.sign(jpeg);
    expect(decide(await images.references(masterFile(master), crop, rendition), rendition).kind).toBe("same");
  });

  it.each([120_000, 60_000, 40_000, 20_000, 6_000])(
    "tells the hash of its source, and a signature that agrees with what a service makes of %i bytes",
    async (maxBytes) => {
      const { crop } = await images.signMaster(master);
      const made = await renditions.cloudPhoto(master, crop, maxBytes);
      expect(made.sourceSha256).toBe(await sha256OfFile(master));
      const own = await images.sign(made.jpeg);
      const { sha256, byteLength, width, height, format, jpegQuality } = own;
      expect(made.signature).toMatchObject({ sha256, byteLength, width, height, format, jpegQuality });
      for (const quality of [95, 87, 80]) {
        const stored = await sharp(made.jpeg).jpeg({ quality }).toBuffer();
        const shown = { ...(await images.sign(stored)), sha256: `stored at ${quality}` };
        expect(renditionsAgree(made.signature, shown)).toBe(true);
      }
      const other = await images.sign(await portrait(BORIS, width, height));
      expect(renditionsAgree(made.signature, other)).toBe(false);
    },
  );

  it("says so when nothing fits", async () => {
    const { crop } = await images.signMaster(master);
    await expect(renditions.cloudPhoto(master, crop, 100)).rejects.toMatchObject({ code: "photo-too-large" });
  });

  it("is never enlarged", async () => {
    const small = path.join(folder, "small.png");
    await writeFile(
      small,
      await sharp(await portrait(ANNA, 300, 400))
        .png()
        .toBuffer(),
    );
    const { crop } = await images.signMaster(small);
    const made = [await renditions.cloudPhoto(small, crop, 100_000), await renditions.thumbnail(small, crop, 648)];
    for (const { jpeg } of made) expect(await sharp(jpeg).metadata()).toMatchObject({ width: 300, height: 300 });
  });

  it("follows EXIF orientation and the chosen crop", async () => {
    const rotated = path.join(folder, "rotated.jpg");
    const upright = await portrait(ANNA, 600, 800);
    await writeFile(
      rotated,
      await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 92 }).toBuffer(),
    );
    const { crop } = await images.signMaster(rotated);
    expect(crop).toMatchObject({ left: 0, width: 600, height: 600 });
    const rendition = await images.sign((await renditions.cloudPhoto(rotated, crop, 100_000)).jpeg);
    const verdict = decide(await images.references(masterFile(rotated), crop, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", evidence: { framing: "chosen-crop" } });
  });
});

describe("thumbnails", () => {
  it.each([48, 72, 200, 240])("are exactly %i px and are recognised as the master", async (side) => {
    const { crop } = await images.signMaster(master);
    const { jpeg } = await renditions.thumbnail(master, crop, side);
    expect(await sharp(jpeg).metadata()).toMatchObject({
      format: "jpeg",
      width: side,
      height: side,
      isProgressive: false,
    });
    const rendition = await images.sign(jpeg);
    const verdict = decide(await images.references(masterFile(master), crop, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", upscaled: false, distorted: false });
  });
});
