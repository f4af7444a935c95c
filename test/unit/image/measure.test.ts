import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import type { PhotoSignature } from "../../../src/model/photo.js";
import { MEASURE } from "../../../src/image/measure-module.js";
import { lumaOf } from "../../../src/image/measure.js";
import type { Raster } from "../../../src/image/pixels.js";
import { extractRaster, toRaster } from "../../../src/image/raster.js";
import { signRaster, signRegion } from "../../../src/image/sign.js";
import { TEXTURE } from "../../../src/image/texture-module.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { seeded } from "../../support/seeded.js";
import { portraitSvg, sitter } from "./pictures.js";
import { plainlyMeasured, plainLuma } from "./plain.js";

const FOLDER = join(import.meta.dirname, "../../../src/image");
const FACTS = { sha256: "", byteLength: 0, format: "png", jpegQuality: null, knownPlaceholder: false };

/** Renditions of services, pictures of no more than a few pixels, long and odd ones, and those whose canonical image the image library makes. */
const SIZES = [
  [48, 48],
  [72, 72],
  [96, 96],
  [128, 128],
  [200, 200],
  [240, 240],
  [324, 324],
  [648, 648],
  [1, 1],
  [3, 200],
  [91, 40],
  [127, 129],
  [131, 77],
  [199, 333],
  [500, 31],
  [648, 101],
] as const;

type Draw = (x: number, y: number, channel: number, random: () => number) => number;

const DRAWINGS: Readonly<Record<string, Draw>> = {
  noise: (_x, _y, _channel, random) => random(),
  "noise of the darkest and lightest": (_x, _y, _channel, random) => (random() < 128 ? 0 : 255),
  "blue alone": (_x, _y, channel) => (channel === 2 ? 255 : 0),
  "one colour": (_x, _y, channel) => 70 + 50 * channel,
  steps: (x, y, channel) => (37 * (x >> 4) + 91 * (y >> 5) + 20 * channel) & 255,
  "a slope": (x, y, channel) => Math.min(255, (x + y) / 4 + 10 * channel),
  "dark noise": (_x, _y, _channel, random) => random() >> 6,
  board: (x, y) => ((x + y) % 2 === 0 ? 90 : 140),
};

function drawn(draw: Draw, width: number, height: number, seed: number): Raster {
  const next = seeded(seed);
  const random = () => Math.floor(256 * next());
  const data = Buffer.alloc(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = draw(pixel % width, Math.floor(pixel / width), i % 3, random);
  }
  return { data, width, height };
}

async function portrayed(seed: number, width: number, height: number): Promise<Raster> {
  return toRaster(
    sharp(portraitSvg(sitter(seed), width, height))
      .resize(width, height, { fit: "fill" })
      .removeAlpha(),
  );
}

/** To the bit, but for the spectrum: its sums are taken in 32 bits, and no answer to a constant is left over from rounding. */
function expectMeasured(
  { spectrum: found = [], ...others }: PhotoSignature,
  { spectrum, ...exact }: { readonly spectrum: readonly number[] },
): void {
  expect(others).toMatchObject(exact);
  expect(found).toHaveLength(spectrum.length);
  for (const [band, energy] of spectrum.entries()) {
    expect(Math.abs(found[band]! - energy)).toBeLessThan(6e-4 * energy + 1e-6);
  }
}

describe("what is measured of a picture", () => {
  it.each([
    ["measure", MEASURE],
    ["texture", TEXTURE],
  ])("is measured by a module that is made of the text beside it: %s", async (name, bytes) => {
    const source = readFileSync(join(FOLDER, `${name}.wat`), "utf8");
    const { buffer } = (await wabt()).parseWat(`${name}.wat`, source).toBinary({});
    expect(Buffer.from(moduleBytes(bytes))).toEqual(Buffer.from(buffer));
  });

  it.each(Object.entries(DRAWINGS))(
    "is to the bit what is written down plainly, whatever the size: %s",
    async (_, draw) => {
      for (const [width, height] of SIZES) {
        const raster = drawn(draw, width, height, 7 * width + height);
        expectMeasured(await signRaster(raster, raster, FACTS), await plainlyMeasured(raster));
      }
    },
  );

  it("is to the bit what is written down plainly, of drawn portraits", async () => {
    for (const [width, height] of SIZES) {
      for (const seed of [1, 2]) {
        const raster = await portrayed(seed, width, height);
        expectMeasured(await signRaster(raster, raster, FACTS), await plainlyMeasured(raster));
      }
    }
  });

  it("is the same of a region of a master as of what is cut out of it, in whatever order and at the same time", async () => {
    const masters = [
      await portrayed(1, 324, 405),
      drawn(DRAWINGS["noise"]!, 640, 324, 3),
      await portrayed(3, 1100, 700),
    ];
    const cuts = masters.flatMap((master) =>
      [240, 200, 96, 72, 48].map((side) => {
        const [width, height] = [Math.min(master.width, 324), Math.min(master.height, 310)];
        return {
          master,
          region: { left: master.width - width, top: 5, width, height },
          size: { width: side, height: side },
        };
      }),
    );
    const whole = ({ master, region, size }: (typeof cuts)[number]) =>
      signRegion(master, { region, size }, size, FACTS);
    const inTurn = cuts.map((_, i) => cuts[(i * 7) % cuts.length]!);
    const together = await Promise.all(inTurn.map(whole));
    for (const [i, cut] of inTurn.entries()) {
      const { hash, luma, chroma, texture, spectrum } = await signRaster(
        await extractRaster(cut.master, cut.region, cut.size.width, cut.size.height),
        cut.size,
        FACTS,
      );
      const expected = { hash, luma, chroma, spectrum, ...(texture === undefined ? {} : { texture }) };
      expect(together[i]).toEqual({ sha256: "", ...cut.size, jpegQuality: null, ...expected });
    }
  });
});

describe("luma", () => {
  it.each([1, 2, 15, 16, 17, 97, 2_100_000])("is that of every pixel: %i of them", (width) => {
    const raster = drawn(DRAWINGS["noise"]!, width, 1, width);
    expect(Buffer.from(lumaOf(raster)).equals(plainLuma(raster.data))).toBe(true);
  });
});
