import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide, isSettledBy } from "../../../src/compare/photo/index.js";
import { createImageReader } from "../../../src/image/index.js";
import type { FramedMaster, OtherFramings } from "../../../src/model/photo.js";
import { ANNA, BORIS, portrait } from "./pictures.js";

const FRAMES = [240, 200];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-ready-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A master on disk and pictures as a store may show: its middle, its top, enlarged, and somebody else. */
async function stored(width: number, height: number, side: number) {
  const path = join(folder, `${width}x${height}.jpg`);
  const bytes = await portrait(ANNA, width, height);
  await writeFile(path, bytes);
  const top = sharp(bytes).resize(side, side, { fit: "cover", position: "top" });
  const middle = sharp(bytes).resize(side, side, { fit: "cover" });
  const small = await sharp(bytes).resize(60, 60, { fit: "cover" }).toBuffer();
  const pictures = [middle, top, sharp(small).resize(side, side), sharp(await portrait(BORIS, side, side))];
  return { path, shown: await Promise.all(pictures.map((picture) => picture.jpeg({ quality: 90 }).toBuffer())) };
}

describe.each([
  [700, 700],
  [640, 800],
  [900, 700],
])("references of a new master of %i x %i", (width, height) => {
  it.each([240, 200, 96, 48])(
    "decide at %i px as all of them do, made ready or not, all or no more than needed",
    async (side) => {
      const { path, shown } = await stored(width, height, side);
      for (const bytes of shown) {
        const whole = createImageReader();
        const { crop, formerCrops } = await whole.signMaster(path);
        const rendition = await whole.sign(bytes);
        const expected = decide(await whole.references(path, crop, rendition, formerCrops), rendition);
        const ready = createImageReader({ frames: FRAMES });
        await ready.signMaster(path);
        const asked = createImageReader();
        await asked.signMaster(path, null, [side]);
        for (const reader of [ready, asked, createImageReader()]) {
          const enough = (reference: FramedMaster, others: OtherFramings) => isSettledBy(reference, rendition, others);
          const some = await reader.references(path, crop, rendition, formerCrops, enough);
          expect(decide(some, rendition)).toEqual(expected);
        }
      }
    },
  );
});

describe("a reference made ready", () => {
  it("is not given for a file that changed since", async () => {
    const path = join(folder, "changing.jpg");
    await writeFile(path, await portrait(ANNA, 600, 600));
    const reader = createImageReader({ frames: FRAMES });
    const { crop } = await reader.signMaster(path);
    await writeFile(path, await portrait(BORIS, 600, 600));
    const frame = { width: 240, height: 240 };
    const given = await reader.references(path, crop, frame);
    expect(given).toEqual(await createImageReader().references(path, crop, frame));
  });
});
