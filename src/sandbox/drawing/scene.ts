import { randomFrom } from "../random.js";

/**
 * RGB pixels of a picture that is no portrait: coloured patches and grain, square. Drawn in about a millisecond at 200 px, so a tenant
 * of 100,000 users can make each of them when it is asked for.
 */
export function scenePixels(seed: number, side: number): Buffer {
  const random = randomFrom("scene", seed);
  const cells = 11;
  const grid = Array.from({ length: (cells + 1) * (cells + 1) * 3 }, () => random.between(10, 245));
  const pixels = Buffer.allocUnsafe(side * side * 3);
  let noise = random.integer(1, 0x7fffffff);
  for (let y = 0; y < side; y++) {
    const gy = (y * cells) / side;
    const y0 = Math.floor(gy);
    const fy = gy - y0;
    for (let x = 0; x < side; x++) {
      const gx = (x * cells) / side;
      const x0 = Math.floor(gx);
      const fx = gx - x0;
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
      const add = (noise >> 28) * 2;
      const at = (y0 * (cells + 1) + x0) * 3;
      const below = at + (cells + 1) * 3;
      const out = (y * side + x) * 3;
      for (let c = 0; c < 3; c++) {
        const top = (grid[at + c] ?? 0) * (1 - fx) + (grid[at + 3 + c] ?? 0) * fx;
        const bottom = (grid[below + c] ?? 0) * (1 - fx) + (grid[below + 3 + c] ?? 0) * fx;
        const value = Math.round(top * (1 - fy) + bottom * fy) + add;
        pixels[out + c] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  return pixels;
}
