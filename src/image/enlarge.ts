/** Interleaved 8-bit sRGB, three channels, row by row. */
interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Four input pixels, in order, and their weights for each output pixel of a line. */
interface Taps {
  readonly at: Int32Array;
  readonly weights: Float32Array;
}

/**
 * A small picture enlarged by the cubic of Catmull and Rom, borders repeated: the kernel by which the image library enlarges, without the
 * millisecond that its pipeline costs and without its shift by half an output pixel.
 * @param width not less than the raster's
 * @param height not less than the raster's
 */
export function enlargeRaster(raster: Pixels, width: number, height: number): Pixels {
  const wide = widened(raster, width);
  const data = new Uint8ClampedArray(3 * width * height);
  const { at, weights } = tapsFor(raster.height, height);
  const stride = 3 * width;
  for (let y = 0, t = 0, to = 0; y < height; y++, t += 4) {
    const [a, b, c, d] = [stride * at[t]!, stride * at[t + 1]!, stride * at[t + 2]!, stride * at[t + 3]!];
    const [p, q, r, s] = [weights[t]!, weights[t + 1]!, weights[t + 2]!, weights[t + 3]!];
    for (let i = 0; i < stride; i++, to++) {
      data[to] = p * wide[a + i]! + q * wide[b + i]! + r * wide[c + i]! + s * wide[d + i]!;
    }
  }
  return { data: Buffer.from(data.buffer), width, height };
}

/** The rows at their new width, not rounded. */
function widened({ data, width, height }: Pixels, to: number): Float32Array {
  const { at, weights } = tapsFor(width, to);
  const out = new Float32Array(3 * to * height);
  for (let y = 0, o = 0; y < height; y++) {
    const row = 3 * y * width;
    for (let t = 0; t < 4 * to; t += 4) {
      const [a, b, c, d] = [row + 3 * at[t]!, row + 3 * at[t + 1]!, row + 3 * at[t + 2]!, row + 3 * at[t + 3]!];
      const [p, q, r, s] = [weights[t]!, weights[t + 1]!, weights[t + 2]!, weights[t + 3]!];
      for (let k = 0; k < 3; k++, o++)
        out[o] = p * data[a + k]! + q * data[b + k]! + r * data[c + k]! + s * data[d + k]!;
    }
  }
  return out;
}

function tapsFor(from: number, to: number): Taps {
  const at = new Int32Array(4 * to);
  const weights = new Float32Array(4 * to);
  for (let x = 0; x < to; x++) {
    const place = ((x + 0.5) * from) / to - 0.5;
    const left = Math.floor(place);
    const f = place - left;
    for (let k = 0; k < 4; k++) at[4 * x + k] = Math.min(from - 1, Math.max(0, left - 1 + k));
    weights.set(
      [
        f * (-0.5 + f * (1 - 0.5 * f)),
        1 + f * f * (-2.5 + 1.5 * f),
        f * (0.5 + f * (2 - 1.5 * f)),
        f * f * (-0.5 + 0.5 * f),
      ],
      4 * x,
    );
  }
  return { at, weights };
}
