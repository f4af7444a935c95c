import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide, isSettledBy } from "../../../src/compare/photo/index.js";
import { createImageReader } from "../../../src/image/index.js";
import { createReadyReferences, type ReadyReferences } from "../../../src/image/ready.js";
import type { FramedMaster, OtherFramings } from "../../../src/model/photo.js";
import { ANNA, BORIS, masterFile, portrait } from "./pictures.js";

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
        const expected = decide(await whole.references(masterFile(path), crop, rendition, formerCrops), rendition);
        const ready = createImageReader({ frames: FRAMES });
        await ready.signMaster(path);
        const asked = createImageReader();
        await asked.signMaster(path, null, [side]);
        for (const reader of [ready, asked, createImageReader()]) {
          const enough = (reference: FramedMaster, others: OtherFramings) => isSettledBy(reference, rendition, others);
          const some = await reader.references(masterFile(path), crop, rendition, formerCrops, enough);
          expect(decide(some, rendition)).toEqual(expected);
        }
      }
    },
  );
});

/** What may become of a master file after it was read. */
const FATES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "the same bytes, written anew": async (path) => writeFile(path, await portrait(ANNA, 600, 600)),
  "another picture": async (path) => writeFile(path, await portrait(BORIS, 600, 600)),
  "half of it": async (path) => truncate(path, 9000),
  "no image": async (path) => writeFile(path, "<html>sign in</html>"),
  nothing: async (path) => rm(path),
  "a folder": async (path) => {
    await rm(path);
    await mkdir(path);
  },
};

/** References that were made ready, those of a decode that is still at hand, and those of a decode that is not. */
const READERS = {
  ready: { frames: FRAMES, looked: false },
  decoded: { frames: [], looked: true },
  neither: { frames: [], looked: false },
} as const;

describe.each(Object.entries(READERS))("references of a master, %s", (kind, { frames, looked }) => {
  it.each(Object.entries(FATES))("are of what was read, or none, when the file becomes %s", async (fate, become) => {
    const path = join(folder, `${kind} ${fate}.jpg`);
    await writeFile(path, await portrait(ANNA, 600, 600));
    const read = masterFile(path);
    const frame = { width: 240, height: 240 };
    const reader = createImageReader({ frames });
    const { crop } = await reader.signMaster(path);
    const expected = await createImageReader().references(read, crop, frame);
    if (looked) await reader.references(read, crop, frame);
    await become(path);
    const given = await reader.references(read, crop, frame).catch((error: unknown) => error);
    if (kind === "neither" && !fate.startsWith("the same")) expect(given).toMatchObject({ code: "unreadable-image" });
    else expect(given).toEqual(expected);
    const preview = createImageReader().masterPreview(read, crop);
    if (fate.startsWith("the same")) expect(await preview).not.toHaveLength(0);
    else await expect(preview).rejects.toMatchObject({ code: "unreadable-image" });
  });
});

it("references are those of the new content once it was read", async () => {
  const path = join(folder, "read anew.jpg");
  const reader = createImageReader({ frames: FRAMES });
  const frame = { width: 240, height: 240 };
  for (const sitter of [ANNA, BORIS, ANNA]) {
    await writeFile(path, await portrait(sitter, 600, 600));
    const { crop } = await reader.signMaster(path);
    const given = await reader.references(masterFile(path), crop, frame);
    expect(given).toEqual(await createImageReader().references(masterFile(path), crop, frame));
  }
});

describe("what was made ready", () => {
  const crop = { left: 0, top: 0, width: 600, height: 600 };
  const square = (side: number) => ({ width: side, height: side });
  const file = (at: number) => ({ path: `${String(at)}.jpg`, sha256: "1" });
  const reference = (side: number) =>
    ({
      at: 0,
      reference: { framing: "crop", signature: { width: side, luma: new Uint8Array(4) } },
      others: [],
    }) as never;
  const isThere = (ready: ReadyReferences, at: number, side: number) =>
    ready.take(file(at), crop, square(side)).length > 0;

  it("makes room by what was given, and is not kept where there is none", () => {
    const ready = createReadyReferences();
    for (let at = 0; at < 2000; at++) ready.keep(file(at), crop, square(240), [reference(240)], 1);
    ready.keep(file(2000), crop, square(240), [reference(240)], 1);
    expect(isThere(ready, 2000, 240)).toBe(false);
    expect(isThere(ready, 7, 240)).toBe(true);
    ready.keep(file(2000), crop, square(240), [reference(240)], 1);
    expect([7, 8, 2000].map((at) => isThere(ready, at, 240))).toEqual([false, true, true]);
  });

  it("goes with its file", () => {
    const ready = createReadyReferences();
    for (const at of [1, 2]) ready.keep(file(at), crop, square(240), [reference(240)], 1);
    ready.forget("1.jpg");
    expect([1, 2].map((at) => isThere(ready, at, 240))).toEqual([false, true]);
  });
});
