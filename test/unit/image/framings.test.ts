import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMasterIndex, decide } from "../../../src/compare/photo/index.js";
import { createImageReader } from "../../../src/image/index.js";
import { parseUserId } from "../../../src/model/ids.js";
import { drawPortrait } from "../../../src/sandbox/portraits.js";
import { masterFile } from "./pictures.js";

const images = createImageReader();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-framings-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A master of 3:5, so that middle, top and chosen crop differ. */
async function tallMaster(seed: number): Promise<{ path: string; bytes: Buffer; width: number; height: number }> {
  const square = await sharp(await drawPortrait(seed, 1000))
    .autoOrient()
    .resize(1000, 1000, { fit: "cover" })
    .toBuffer();
  const bytes = await sharp(square)
    .extract({ left: 200, top: 0, width: 600, height: 1000 })
    .jpeg({ quality: 92 })
    .toBuffer();
  const path = join(folder, `${seed}.jpg`);
  await writeFile(path, bytes);
  return { path, bytes, width: 600, height: 1000 };
}

describe("a master that is not square", () => {
  it.each([
    ["middle", 200],
    ["top", 0],
  ])("is found again by its %s, as other tools crop it", async (_name, top) => {
    const master = await tallMaster(31);
    const { signature, crop } = await images.signMaster(master.path);
    const index = createMasterIndex();
    const userId = parseUserId("owner");
    for (const { hash, dctHash } of [signature, ...(signature.framings ?? [])]) {
      index.add({ userId, sha256: signature.sha256, hash, dctHash, retired: false });
    }
    const stored = await sharp(master.bytes)
      .extract({ left: 0, top, width: 600, height: 600 })
      .resize(200, 200)
      .jpeg({ quality: 85 })
      .toBuffer();
    const rendition = await images.sign(stored);
    expect(index.candidates(rendition).map((found) => found.userId)).toContain(userId);
    expect(decide(await images.references(masterFile(master.path), crop, rendition), rendition).kind).toBe("same");
  });

  it("has no more framings than it needs when it is square", async () => {
    const path = join(folder, "square.jpg");
    await writeFile(
      path,
      await sharp(await drawPortrait(7, 600))
        .autoOrient()
        .resize(600, 600, { fit: "cover" })
        .jpeg()
        .toBuffer(),
    );
    expect((await images.signMaster(path)).signature.framings).toBeUndefined();
  });
});
