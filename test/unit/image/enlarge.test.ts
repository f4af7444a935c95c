import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { enlargeRaster } from "../../../src/image/enlarge.js";

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

describe("enlarging", () => {
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
