import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../../src/compare/photo/index.js";
import type { Face } from "../../../src/image/blazeface.js";
import { chooseCrops } from "../../../src/image/choose-crop.js";
import { focusSquare } from "../../../src/image/crop.js";
import { faceSquare } from "../../../src/image/face-crop.js";
import { createImageReader } from "../../../src/image/index.js";
import type { Crop } from "../../../src/model/photo.js";
import { ANNA, masterFile, portrait } from "./pictures.js";

/** A face whose eyes are at x, y and whose chin is `chin` px below them. */
function faceAt(x: number, y: number, chin: number, score = 0.9): Face {
  const apart = 0.3 * chin;
  return {
    score,
    ...{ left: x - 0.7 * chin, top: y - 0.4 * chin, width: 1.4 * chin, height: 1.4 * chin },
    eyes: [
      { x: x - apart, y },
      { x: x + apart, y },
    ],
    mouth: { x, y: y + 0.58 * chin },
  };
}

function expectInside(crop: Crop, width: number, height: number): void {
  expect(crop.width).toBe(crop.height);
  expect(crop.width).toBeGreaterThanOrEqual(Math.floor(0.6 * Math.min(width, height)));
  expect(Math.min(crop.left, crop.top)).toBeGreaterThanOrEqual(0);
  expect(crop.left + crop.width).toBeLessThanOrEqual(width);
  expect(crop.top + crop.height).toBeLessThanOrEqual(height);
}

describe("the square around a face", () => {
  it.each([
    ["a tall frame", 1350, 1800, 675, 700, 250],
    ["low in a tall frame", 1000, 2000, 500, 1300, 200],
    ["high in a tall frame", 1000, 2000, 500, 330, 150],
    ["a standing person", 1200, 2400, 600, 400, 90],
    ["left in a wide frame", 2000, 1000, 300, 430, 200],
    ["right in a wide frame", 2000, 1000, 1800, 400, 150],
  ])("%s: eyes at 38 to 45 %% of its height, the whole head inside", (_name, width, height, x, y, chin) => {
    const crop = faceSquare([faceAt(x, y, chin)], { width, height })!;
    expectInside(crop, width, height);
    const eyes = (y - crop.top) / crop.height;
    expect(eyes).toBeGreaterThanOrEqual(0.38);
    expect(eyes).toBeLessThanOrEqual(0.45);
    expect(crop.top).toBeLessThanOrEqual(y - 1.4 * chin);
    expect(crop.top + crop.height).toBeGreaterThanOrEqual(y + chin);
    expect(crop.left).toBeLessThanOrEqual(x - chin);
    expect(crop.left + crop.width).toBeGreaterThanOrEqual(x + chin);
  });

  it("stays inside the picture wherever the face is", () => {
    for (const [width, height] of [
      [600, 900],
      [900, 600],
      [300, 700],
    ] as const) {
      for (let x = 0; x <= width; x += width / 6) {
        for (let y = 0; y <= height; y += height / 6) {
          for (const chin of [10, 80, 300]) {
            expectInside(faceSquare([faceAt(x, y, chin)], { width, height })!, width, height);
          }
        }
      }
    }
  });

  it.each([
    ["no face", []],
    ["an unsure face", [faceAt(300, 300, 80, 0.5)]],
    ["two faces", [faceAt(200, 300, 80), faceAt(450, 300, 70, 0.8)]],
  ])("%s: no answer", (_name, faces) => {
    expect(faceSquare(faces, { width: 600, height: 900 })).toBeNull();
  });

  it("a small face in the background does not matter", () => {
    const size = { width: 600, height: 900 };
    const face = faceAt(300, 300, 80);
    expect(faceSquare([face, faceAt(550, 200, 20)], size)).toEqual(faceSquare([face], size));
  });
});

describe("the square around a focus", () => {
  it.each([
    [600, 900, 50, 50, { left: 0, top: 150, width: 600 }],
    [600, 900, 50, 40, { left: 0, top: 60, width: 600 }],
    [600, 900, 50, 30, { left: 30, top: 0, width: 540 }],
    [1200, 600, 75, 50, { left: 600, top: 0, width: 600 }],
    [600, 900, 0, 0, { left: 0, top: 0, width: 360 }],
    [600, 900, 100, 100, { left: 240, top: 540, width: 360 }],
  ])("%i x %i at %i,%i %%: its middle where it can be", (width, height, x, y, expected) => {
    const crop = focusSquare({ width, height }, { x, y });
    expect(crop).toEqual({ ...expected, height: expected.width });
    expectInside(crop, width, height);
  });
});

describe("what is looked for", () => {
  const raster = (width: number, height: number) => ({ data: Buffer.alloc(width * height * 3, 128), width, height });
  const asked = async (width: number, height: number, wanted: Parameters<typeof chooseCrops>[1]) => {
    let times = 0;
    const accepted = await chooseCrops({ raster: raster(width, height), width, height }, wanted, async () => {
      times++;
      return [faceAt(width / 2, height * 0.6, 30)];
    });
    return { times, ...accepted };
  };

  it.each([
    ["a square", 300, 300, "face", 0],
    ["nearly a square", 300, 314, "face", 0],
    ["a tall picture", 300, 450, "face", 1],
    ["a tall picture with a focus", 300, 450, { x: 50, y: 40 }, 0],
    ["crop: attention", 300, 450, "attention", 0],
    ["crop: centre", 300, 450, "centre", 0],
  ] as const)("%s", async (_name, width, height, wanted, times) => {
    const found = await asked(width, height, wanted);
    expect(found.times).toBe(times);
    if (wanted === "centre") expect(found.crop).toEqual({ left: 0, top: 75, width: 300, height: 300 });
    if (height < 315) expect(found.crop.width).toBe(300);
  });
});

describe("a stored photo that was cut by another choice", () => {
  let folder = "";
  let path = "";
  let bytes = Buffer.alloc(0);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "photodrift-crop-"));
    path = join(folder, "tall.jpg");
    bytes = await sharp(await portrait(ANNA, 600))
      .extend({ top: 360, extendWith: "copy" })
      .jpeg()
      .toBuffer();
    await writeFile(path, bytes);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(["attention", "centre"] as const)("%s is the same still when crop is face", async (choice) => {
    const before = await createImageReader({ crop: choice }).signMaster(path);
    const images = createImageReader();
    const { crop, formerCrops = [] } = await images.signMaster(path);
    expect(crop).not.toEqual(before.crop);
    for (const side of [240, 96]) {
      const stored = await sharp(bytes).extract(before.crop).resize(side, side).jpeg({ quality: 85 }).toBuffer();
      const rendition = await images.sign(stored);
      const references = await images.references(masterFile(path), crop, rendition, formerCrops);
      expect(decide(references, rendition)).toMatchObject({ kind: "same", distorted: false });
    }
  });

  it("a focus wins over every choice, and another choice is another recipe", async () => {
    const recipes = new Set<string>();
    for (const crop of ["face", "attention", "centre"] as const) {
      const images = createImageReader({ crop });
      recipes.add(images.masterRecipe);
      const found = await images.signMaster(path, { x: 50, y: 50 });
      expect(found).toMatchObject({ crop: { left: 0, top: 180, width: 600, height: 600 }, formerCrops: [] });
    }
    expect(recipes.size).toBe(3);
  });
});
