import { describe, expect, it } from "vitest";
import { createImageReader } from "../../../src/image/index.js";
import { previewToKeep, previewToShow } from "../../../src/run/previews.js";
import { decide } from "../../../src/compare/photo/index.js";
import type { PhotoVerdict } from "../../../src/model/photo.js";
import { draw, referencesOf, stored } from "../compare/photo/signed.js";
import { ANNA } from "../image/pictures.js";
import sharp from "sharp";

const images = createImageReader();

async function right(side: number): Promise<{ bytes: Buffer; verdict: PhotoVerdict }> {
  const anna = await draw(ANNA);
  const bytes = await sharp(anna.bytes).resize(side, side).jpeg({ quality: 82 }).toBuffer();
  const rendition = await stored(anna.bytes, side);
  return { bytes, verdict: decide(await referencesOf(anna, rendition), rendition) };
}

function memory(): { kept: Map<string, Buffer>; records: Parameters<typeof previewToShow>[1] } {
  const kept = new Map<string, Buffer>();
  const records = {
    preview: (sha: string) => Promise.resolve(kept.get(sha) ?? null),
    savePreview: (sha: string, picture: Buffer) => void kept.set(sha, picture),
  };
  return { kept, records };
}

describe("previews", () => {
  it("keep a small right picture as it is stored", async () => {
    const { bytes, verdict } = await right(96);
    expect(await previewToKeep(images, bytes, { format: "jpeg" }, verdict)).toBe(bytes);
    expect(await previewToKeep(images, bytes, { format: "jpeg" }, null)).toBe(bytes);
  });

  it.each([
    ["wrong", { kind: "different" }, "jpeg"],
    ["enlarged", { upscaled: true }, "jpeg"],
    ["distorted", { distorted: true }, "jpeg"],
    ["of another format", {}, "png"],
  ] as const)("are made at once of a picture that is %s", async (_name, changed, format) => {
    const { bytes, verdict } = await right(96);
    const kept = await previewToKeep(images, bytes, { format }, { ...verdict, ...changed });
    expect(kept).toEqual(await images.preview(bytes));
  });

  it("are made at once of a large picture", async () => {
    const { verdict } = await right(96);
    const large = await sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: "#000000",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    })
      .jpeg({ quality: 95 })
      .toBuffer();
    expect((await previewToKeep(images, large, { format: "jpeg" }, verdict)).length).toBeLessThan(large.length);
  });

  it("show what was kept as stored as the same preview, made once", async () => {
    const { bytes } = await right(96);
    const { kept, records } = memory();
    kept.set("picture", bytes);
    const expected = await images.preview(bytes);
    expect(await previewToShow(images, records, "picture")).toEqual(expected);
    const none = { preview: () => Promise.reject(new Error("asked twice")) };
    expect(await previewToShow(none, records, "picture")).toEqual(expected);
    expect(await previewToShow(images, records, "nothing")).toBeNull();
  });
});
