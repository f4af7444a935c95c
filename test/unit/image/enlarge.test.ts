import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { ENLARGE } from "../../../src/image/enlarge-module.js";
import { enlargeRaster } from "../../../src/image/enlarge.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/enlarge.wat");

/** Noise: every frequency at once. */
function noise(side: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length: 3 * side * side }, () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state >> 23;
    }),
  );
}

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** The cubic of Catmull and Rom written down once more without any care for time: weights and widened rows of 32 bits, sums of 64. */
function slowlyEnlarged({ data, width, height }: Pixels, toWidth: number, toHeight: number): Uint8ClampedArray {
  const taps = (from: number, to: number, x: number) => {
    const place = ((x + 0.5) * from) / to - 0.5;
    const left = Math.floor(place);
    const f = place - left;
    const weights = [
      f * (-0.5 + f * (1 - 0.5 * f)),
      1 + f * f * (-2.5 + 1.5 * f),
      f * (0.5 + f * (2 - 1.5 * f)),
      f * f * (-0.5 + 0.5 * f),
    ];
    return weights.map((weight, k) => ({
      at: Math.min(from - 1, Math.max(0, left - 1 + k)),
      weight: Math.fround(weight),
    }));
  };
  const wide = (x: number, y: number, channel: number) =>
    Math.fround(
      taps(width, toWidth, x).reduce((sum, { at, weight }) => sum + weight * data[3 * (y * width + at) + channel]!, 0),
    );
  return Uint8ClampedArray.from({ length: 3 * toWidth * toHeight }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const [x, y] = [pixel % toWidth, Math.floor(pixel / toWidth)];
    return taps(height, toHeight, y).reduce((sum, { at, weight }) => sum + weight * wide(x, at, channel), 0);
  });
}

const PICTURES = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 })).chain(([width, height]) =>
  fc.record({
    data: fc.oneof(
      fc.uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height }),
      fc.array(fc.constantFrom(0, 255), { minLength: 3 * width * height, maxLength: 3 * width * height }),
    ),
    width: fc.constant(width),
    height: fc.constant(height),
    moreWidth: fc.nat(20),
    moreHeight: fc.nat(20),
  }),
);

describe("enlarging", () => {
  it("is done by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("enlarge.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(ENLARGE))).toEqual(Buffer.from(buffer));
  });

  it("gives the pixels of the definition, bit by bit, at every size and shape", () => {
    fc.assert(
      fc.property(PICTURES, ({ data, width, height, moreWidth, moreHeight }) => {
        const picture = { data: Buffer.from(data), width, height };
        const [toWidth, toHeight] = [width + moreWidth, height + moreHeight];
        const found = enlargeRaster(picture, toWidth, toHeight);
        expect({ ...found, data: [...found.data] }).toEqual({
          data: [...slowlyEnlarged(picture, toWidth, toHeight)],
          width: toWidth,
          height: toHeight,
        });
      }),
    );
  });

  it("gives pixels that a later picture leaves alone, however large it is", () => {
    const first = { data: noise(20), width: 20, height: 20 };
    const found = enlargeRaster(first, 30, 30);
    const kept = Buffer.from(found.data);
    enlargeRaster({ data: noise(400), width: 400, height: 400 }, 410, 410);
    expect(found.data.equals(kept)).toBe(true);
    expect(enlargeRaster(first, 30, 30).data.equals(kept)).toBe(true);
  });

  it.each([
    [48, 48],
    [48, 96],
    [72, 128],
    [96, 120],
    [96, 128],
  ])("%i -> %i px is the image library's cubic, without its shift of half a pixel", async (from, to) => {
    const data = noise(from);
    const ours = enlargeRaster({ data, width: from, height: from }, to, to);
    // The library places output pixel x at x * from / to - 0.5: at twice the size every second one lies where the middle of ours does.
    const twice = await sharp(data, { raw: { width: from, height: from, channels: 3 } })
      .resize(2 * to, 2 * to, { fit: "fill", kernel: "cubic" })
      .raw()
      .toBuffer();
    const differences = Array.from(ours.data, (value, i) => {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      const [x, y] = [pixel % to, Math.floor(pixel / to)];
      return Math.abs(value - (twice[3 * ((2 * y + 1) * 2 * to + 2 * x + 1) + channel] ?? NaN));
    });
    expect(ours).toMatchObject({ width: to, height: to });
    expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(1);
  });

  it("keeps what is in the middle in the middle", () => {
    const data = Buffer.alloc(3 * 9 * 9, 100);
    for (let channel = 0; channel < 3; channel++) data[3 * (4 * 9 + 4) + channel] = 200;
    const { data: out } = enlargeRaster({ data, width: 9, height: 9 }, 27, 27);
    const at = (x: number, y: number) => out[3 * (y * 27 + x)];
    for (let y = 0; y < 27; y++) for (let x = 0; x < 27; x++) expect(at(x, y)).toBe(at(26 - x, 26 - y));
    expect(at(13, 13)).toBe(200);
  });
});
