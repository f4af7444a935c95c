import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import wabt from "wabt";
import { describe, expect, it } from "vitest";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { REDUCE } from "../../../src/image/reduce-module.js";
import { reduceRaster } from "../../../src/image/reduce.js";
import { seeded } from "../../support/seeded.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/reduce.wat");
const SIDE = 400;

/** Noise, of which some is as dark and light as can be, so that sums leave 0 to 255. */
function noise(seed: number): Buffer {
  const next = seeded(seed);
  return Buffer.from(
    Uint8Array.from({ length: 3 * SIDE * SIDE }, () => {
      const level = Math.floor(256 * next());
      return level < 40 ? 0 : level > 215 ? 255 : level;
    }),
  );
}

interface Asked {
  readonly region: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
}

/** The same by the image library. */
async function byLibrary(data: Buffer, { region, width, height }: Asked): Promise<Buffer> {
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .extract(region)
    .resize(width, height, { fit: "fill" })
    .raw({ depth: "uchar" })
    .toBuffer();
}

/** Pixels of a line and how many they become: as many, or down to an eighth. */
const line = fc
  .record({ from: fc.integer({ min: 40, max: SIDE }), share: fc.double({ min: 0.12, max: 1, noNaN: true }) })
  .map(({ from, share }) => ({ from, to: Math.max(32, Math.round(from * share)) }));

describe("a smaller picture", () => {
  it("is made by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("reduce.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(REDUCE))).toEqual(Buffer.from(buffer));
  });

  it("has the bytes that the image library gives it, whatever region and size", async () => {
    await fc.assert(
      fc.asyncProperty(line, line, fc.integer({ min: 1, max: 1e9 }), async (across, down, seed) => {
        const data = noise(seed);
        const region = {
          left: seed % (SIDE - across.from + 1),
          top: seed % (SIDE - down.from + 1),
          width: across.from,
          height: down.from,
        };
        const asked = { region, width: across.to, height: down.to };
        const found = reduceRaster({ data, width: SIDE, height: SIDE }, region, across.to, down.to);
        expect(found).toMatchObject({ width: across.to, height: down.to });
        expect(found?.data.equals(await byLibrary(data, asked))).toBe(true);
      }),
      { numRuns: 40, examples: [[{ from: 40, to: 32 }, { from: 397, to: 48 }, 1]] },
    );
  });

  it.each([
    [324, 240],
    [324, 200],
    [324, 128],
    [240, 128],
    [200, 128],
    [390, 128],
    [256, 192],
    [399, 320],
    [333, 240],
    [128, 128],
    [324, 72],
    [324, 48],
    [399, 64],
    [397, 48],
  ])(
    "of %i px at %i px, too: sizes whose places fall between two rows of weights, or whose pixels are averaged first",
    async (from, to) => {
      const data = noise(from * to);
      const region = { left: 1, top: 0, width: from, height: from };
      const found = reduceRaster({ data, width: SIDE, height: SIDE }, region, to, to);
      expect(found?.data.equals(await byLibrary(data, { region, width: to, height: to }))).toBe(true);
    },
  );

  it.each([
    ["enlarged", 100, 101],
    ["enlarged in one direction", 100, 100, 101],
  ])("is left to the image library where it is %s", (_, from, width, height = width) => {
    const region = { left: 0, top: 0, width: from, height: from };
    expect(reduceRaster({ data: noise(1), width: SIDE, height: SIDE }, region, width, height)).toBeNull();
  });

  it("is left to the image library where the picture is large, so that memory stays small", () => {
    const side = 900;
    const region = { left: 0, top: 0, width: side, height: side };
    expect(
      reduceRaster({ data: Buffer.alloc(3 * side * side), width: side, height: side }, region, 400, 400),
    ).toBeNull();
  });
});
