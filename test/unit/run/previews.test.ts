import { describe, expect, it } from "vitest";
import { createImageReader } from "../../../src/image/index.js";
import type { Crop } from "../../../src/model/photo.js";
import type { MasterFile } from "../../../src/run/ports.js";
import { masterPreviewToShow, previewToKeep, previewToShow } from "../../../src/run/previews.js";
import { draw } from "../compare/photo/signed.js";
import { ANNA } from "../image/pictures.js";
import sharp from "sharp";

const images = createImageReader();

async function picture(side: number): Promise<Buffer> {
  const anna = await draw(ANNA);
  return sharp(anna.bytes).resize(side, side).jpeg({ quality: 82 }).toBuffer();
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
  it("keep a small picture of a small tenant as it is stored, right or wrong", async () => {
    const bytes = await picture(96);
    expect(await previewToKeep(images, bytes, { format: "jpeg" }, true)).toBe(bytes);
  });

  it.each([
    ["of a large tenant", false, "jpeg"],
    ["of another format", true, "png"],
  ] as const)("are made at once of a picture %s", async (_name, keepsAll, format) => {
    const bytes = await picture(96);
    expect(await previewToKeep(images, bytes, { format }, keepsAll)).toEqual(await images.preview(bytes));
  });

  it("are made at once of a large picture", async () => {
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
    expect((await previewToKeep(images, large, { format: "jpeg" }, true)).length).toBeLessThan(large.length);
  });

  it.each([48, 240, 400])("of %i px look the same whether the picture was just signed or not", async (side) => {
    const bytes = await picture(side);
    const [unsigned, reader] = [createImageReader(), createImageReader()];
    await reader.sign(bytes);
    const pixels = (preview: Buffer) => sharp(preview).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const [a, b] = [await pixels(await unsigned.preview(bytes)), await pixels(await reader.preview(bytes))];
    expect(b.info).toEqual(a.info);
    const apart = a.data.reduce((sum, level, at) => sum + Math.abs(level - b.data[at]!), 0) / a.data.length;
    expect(apart).toBeLessThan(1);
  });

  it("show what was kept as stored as the same preview, made once", async () => {
    const bytes = await picture(96);
    const { kept, records } = memory();
    kept.set("picture", bytes);
    const expected = await images.preview(bytes);
    expect(await previewToShow(images, records, "picture")).toEqual(expected);
    const none = { preview: () => Promise.reject(new Error("asked twice")) };
    expect(await previewToShow(none, records, "picture")).toEqual(expected);
    expect(await previewToShow(images, records, "nothing")).toBeNull();
  });

  it("of what was kept as stored and is damaged are none: the report draws that picture from its signature", async () => {
    const whole = await picture(96);
    const { kept, records } = memory();
    for (const [sha, bytes] of [
      ["header", whole.subarray(0, 2)],
      ["zeros", Buffer.concat([whole.subarray(0, 2), Buffer.alloc(3_000)])],
    ] as const) {
      kept.set(sha, bytes);
      expect(await previewToShow(images, records, sha)).toBeNull();
      expect(kept.get(sha)).toBe(bytes);
    }
    const broken = { preview: () => Promise.reject(new Error("no memory")) };
    await expect(previewToShow(broken, records, "zeros")).rejects.toThrow("no memory");
  });

  it("of a master are made once for each content and crop", async () => {
    const { records } = memory();
    const made: string[] = [];
    const reader = {
      masterPreview: async ({ path, sha256 }: MasterFile, { top }: Crop) => {
        expect(path).toBe(`${sha256}.jpg`);
        made.push(`${path} ${String(top)}`);
        return Buffer.from(`${path} ${String(top)}`);
      },
    };
    const shown = async (sha256: string, top: number): Promise<string> => {
      const master = { signature: { sha256 }, crop: { left: 0, top, width: 9, height: 9 } };
      return (await masterPreviewToShow(reader, records, master, `${sha256}.jpg`)).toString();
    };
    const asked = [
      ["a", 0],
      ["a", 0],
      ["a", 7],
      ["b", 0],
      ["a", 7],
    ] as const;
    for (const [sha, top] of asked) expect(await shown(sha, top)).toBe(`${sha}.jpg ${String(top)}`);
    expect(made).toEqual(["a.jpg 0", "a.jpg 7", "b.jpg 0"]);
  });
});
